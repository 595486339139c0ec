/** FindCoordinator (10): this broker coordinates every group; there are no transactions. */
import { api, NODE_ID } from '../api.js';
import {
  int16,
  int32,
  int8,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

const GROUP = 0;

export const findCoordinator = api({
  request: struct({ key: string, keyType: since(1, int8, GROUP) }),
  response: struct({
    throttleTimeMs: throttleTimeMs(1),
    errorCode: int16,
    errorMessage: since(1, nullableString, null),
    nodeId: int32,
    host: string,
    port: int32,
  }),
  handle({ keyType }, { host, port }) {
    if (keyType === GROUP) {
      return { errorCode: ErrorCode.NONE, errorMessage: null, nodeId: NODE_ID, host, port };
    }
    const errorMessage = 'The embedded broker has no transactions: use Apache Kafka for them.';
    return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage, nodeId: -1, host: '', port: -1 };
  },
});
