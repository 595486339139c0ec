/** InitProducerId (22): a new id for an idempotent producer, always of epoch 0; no transactions. */
import { api } from '../api.js';
import {
  fixed,
  int16,
  int32,
  int64,
  nullableString,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export const initProducerId = api({
  request: struct({ transactionalId: nullableString, transactionTimeoutMs: fixed(int32, 0) }),
  response: struct({
    throttleTimeMs: throttleTimeMs(),
    errorCode: int16,
    producerId: int64,
    producerEpoch: int16,
  }),
  handle({ transactionalId }, { storage }) {
    const refused = (errorCode: number) => ({ errorCode, producerId: -1n, producerEpoch: -1 });
    if (transactionalId !== null) return refused(ErrorCode.INVALID_REQUEST);
    return storage.commits.submit(
      () => ({ errorCode: ErrorCode.NONE, producerId: storage.newProducerId(), producerEpoch: 0 }),
      () => refused(ErrorCode.KAFKA_STORAGE_ERROR),
    );
  },
});
