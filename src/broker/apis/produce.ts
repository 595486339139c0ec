/**
 * Produce (0): the records of all requests of one turn are committed together, and acknowledged
 * when they are on disk. acks 1 and all are the same, for there is one replica; with acks 0 nobody
 * learns of an error. Versions 0 to 2 are offered only because librdkafka takes their absence for
 * a broker that cannot compress; their message formats are refused.
 */
import { api, type RequestContext } from '../api.js';
import { numericConfig } from '../topic-config.js';
import {
  array,
  fixed,
  int16,
  int32,
  int64,
  nullableBytes,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
  type Infer,
} from '../wire/codec.js';
import { ErrorCode, isRefusal, type Refusal } from '../wire/error-code.js';

const request = struct({
  transactionalId: since(3, nullableString, null),
  acks: int16,
  timeoutMs: fixed(int32, 0),
  topics: array(
    struct({
      topic: string,
      partitions: array(struct({ partition: int32, records: nullableBytes })),
    }),
  ),
});

const partitionResponse = struct({
  partition: int32,
  errorCode: int16,
  baseOffset: int64,
  logAppendTimeMs: since(2, int64, -1n),
  logStartOffset: since(5, int64, -1n),
  recordErrors: fixed(array(int32), [], 8),
  errorMessage: since(8, nullableString, null),
});

type Request = Infer<typeof request>;
type PartitionResponse = Infer<typeof partitionResponse>;

export const produce = api({
  request,
  response: struct({
    topics: array(struct({ topic: string, partitions: array(partitionResponse) })),
    throttleTimeMs: throttleTimeMs(1),
  }),
  async handle(produced, context) {
    const { storage } = context;
    const appended: { readonly id: bigint; readonly bytes: number }[] = [];
    const topics = await storage.commits.submit(
      () =>
        forEachPartition(produced, (topic, partition, records) =>
          append(produced, topic, partition, records, context, appended),
        ),
      () => {
        appended.length = 0;
        return forEachPartition(produced, (_topic, partition) =>
          refused(partition, {
            errorCode: ErrorCode.KAFKA_STORAGE_ERROR,
            errorMessage: 'The disk refused the records.',
          }),
        );
      },
    );
    for (const { id, bytes } of appended) storage.appendWatch.appended(id, bytes);
    return produced.acks === 0 ? null : { topics };
  },
});

function append(
  { acks, transactionalId }: Request,
  topic: string,
  partition: number,
  records: Buffer | null,
  { storage, clock }: RequestContext,
  appended: { readonly id: bigint; readonly bytes: number }[],
): PartitionResponse {
  if (transactionalId !== null) {
    return refuse(partition, ErrorCode.INVALID_REQUEST, 'There are no transactions here.');
  }
  if (acks < -1 || acks > 1) {
    return refuse(partition, ErrorCode.INVALID_REQUIRED_ACKS, `acks is ${String(acks)}.`);
  }
  const overrides = storage.catalog.topic(topic)?.overrides;
  const log = storage.catalog.partition(topic, partition);
  if (overrides === undefined || log === undefined) {
    return refuse(
      partition,
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      `${topic} has no such partition.`,
    );
  }
  const replicasWanted = numericConfig(overrides, 'min.insync.replicas');
  if (acks === -1 && replicasWanted > 1n) {
    const message = `min.insync.replicas is ${String(replicasWanted)}, and there is one replica.`;
    return refuse(partition, ErrorCode.NOT_ENOUGH_REPLICAS, message);
  }
  const result = storage.log.append(log, overrides, records ?? Buffer.alloc(0), clock.now());
  if (isRefusal(result)) return refused(partition, result);
  appended.push({ id: log.id, bytes: result.appendedBytes });
  return {
    partition,
    errorCode: ErrorCode.NONE,
    baseOffset: result.baseOffset,
    logAppendTimeMs: result.logAppendTimeMs,
    logStartOffset: log.startOffset,
    errorMessage: null,
  };
}

function forEachPartition(
  { topics }: Request,
  answer: (topic: string, partition: number, records: Buffer | null) => PartitionResponse,
) {
  return topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, records }) => answer(topic, partition, records)),
  }));
}

function refuse(partition: number, errorCode: number, errorMessage: string): PartitionResponse {
  return refused(partition, { errorCode, errorMessage });
}

function refused(partition: number, { errorCode, errorMessage }: Refusal): PartitionResponse {
  return {
    partition,
    errorCode,
    baseOffset: -1n,
    logAppendTimeMs: -1n,
    logStartOffset: -1n,
    errorMessage,
  };
}
