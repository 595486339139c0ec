/** InitProducerId (22): a new id for an idempotent producer, always of epoch 0; no transactions. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export const initProducerId = api({
  request: t.struct({
    transactionalId: t.nullableString,
    transactionTimeoutMs: t.fixed(t.int32, 0),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(),
    errorCode: t.int16,
    producerId: t.int64,
    producerEpoch: t.int16,
  }),
  handle({ transactionalId }, { storage }) {
    if (transactionalId !== null) return refused(ErrorCode.INVALID_REQUEST);
    return storage.commits.submit(
      () => ({ errorCode: ErrorCode.NONE, producerId: storage.newProducerId(), producerEpoch: 0 }),
      () => refused(ErrorCode.KAFKA_STORAGE_ERROR),
    );
  },
  refuse: (_, { errorCode }) => refused(errorCode),
});

function refused(errorCode: number) {
  return { errorCode, producerId: -1n, producerEpoch: -1 };
}
