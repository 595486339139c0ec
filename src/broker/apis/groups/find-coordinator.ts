/** FindCoordinator (10): this broker coordinates every group; there are no transactions. */
import { api, NODE_ID } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, refusal } from '../../wire/error-code.js';

const GROUP = 0;

export const findCoordinator = api({
  request: t.struct({ key: t.string, keyType: t.since(1, t.int8, GROUP) }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(1),
    errorCode: t.int16,
    errorMessage: t.since(1, t.nullableString, null),
    nodeId: t.int32,
    host: t.string,
    port: t.int32,
  }),
  handle({ keyType }, { host, port }) {
    if (keyType === GROUP) {
      return { errorCode: ErrorCode.NONE, errorMessage: null, nodeId: NODE_ID, host, port };
    }
    const message = 'The embedded broker has no transactions: use Apache Kafka for them.';
    return { ...refusal(ErrorCode.INVALID_REQUEST, message), ...NO_COORDINATOR };
  },
  refuse: (_, why) => ({ ...why, ...NO_COORDINATOR }),
});

const NO_COORDINATOR = { nodeId: -1, host: '', port: -1 };
