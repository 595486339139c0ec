/**
 * Produce (0): the records of all requests of one turn are committed together, and acknowledged
 * when they are on disk. acks 1 and all are the same, for there is one replica; with acks 0 no
 * client learns of an error. Versions 0 to 2 are offered only because librdkafka takes their absence for
 * a broker that cannot compress; their message formats are refused.
 */
import { api, type RequestContext } from '../../api.js';
import { findPartition } from '../../find-partition.js';
import { byTopic, mapPartitions, namedPartitions } from '../../wire/by-topic.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, isRefusal, refusal, type Refusal } from '../../wire/error-code.js';

const request = t.struct({
  transactionalId: t.since(3, t.nullableString, null),
  acks: t.int16,
  timeoutMs: t.fixed(t.int32, 0),
  topics: byTopic(t.struct({ partition: t.int32, records: t.nullableBytes })),
});

const partitionResponse = t.struct({
  partition: t.int32,
  errorCode: t.int16,
  baseOffset: t.int64,
  logAppendTimeMs: t.since(2, t.int64, -1n),
  logStartOffset: t.since(5, t.int64, -1n),
  recordErrors: t.fixed(t.array(t.int32), [], 8),
  errorMessage: t.since(8, t.nullableString, null),
});

type Request = t.Infer<typeof request>;
type PartitionResponse = t.Infer<typeof partitionResponse>;

export const produce = api({
  request,
  response: t.struct({
    topics: byTopic(partitionResponse),
    throttleTimeMs: t.throttleTimeMs(1),
  }),
  targets: ({ topics }) => namedPartitions(topics),
  async handle(produced, context) {
    const { storage, clock } = context;
    let appended: { readonly id: bigint; readonly bytes: number }[] = [];
    const append = (topic: string, { partition, records }: Produced): PartitionResponse => {
      const target = findTarget(produced, context, topic, partition);
      if (isRefusal(target)) return refused(partition, target);
      const { log, overrides } = target;
      const result = storage.log.append(log, overrides, records ?? Buffer.alloc(0), clock.now());
      if (isRefusal(result)) return refused(partition, result);
      appended.push({ id: log.id, bytes: result.appendedBytes });
      const { baseOffset, logAppendTimeMs } = result;
      const errors = { errorCode: ErrorCode.NONE, errorMessage: null };
      return { partition, ...errors, baseOffset, logAppendTimeMs, logStartOffset: log.startOffset };
    };
    const topics = await storage.commits.submit(
      () => mapPartitions(produced.topics, append),
      () => {
        appended = [];
        const failed = refusal(ErrorCode.KAFKA_STORAGE_ERROR, 'The disk refused the records.');
        return refuseAll(produced, failed);
      },
    );
    for (const { id, bytes } of appended) storage.appendWatch.appended(id, bytes);
    return produced.acks === 0 ? null : { topics };
  },
  refuse: (produced, why) => (produced.acks === 0 ? null : { topics: refuseAll(produced, why) }),
});

type Produced = Request['topics'][number]['partitions'][number];

/** Where these records go, if they may go there. */
function findTarget(
  { acks, transactionalId }: Request,
  context: RequestContext,
  topic: string,
  partition: number,
) {
  if (transactionalId !== null) {
    return refusal(ErrorCode.INVALID_REQUEST, 'The embedded broker has no transactions.');
  }
  if (acks < -1 || acks > 1) {
    return refusal(ErrorCode.INVALID_REQUIRED_ACKS, `acks is ${String(acks)}.`);
  }
  const log = findPartition(context, topic, partition);
  if (isRefusal(log)) return log;
  const overrides = context.storage.catalog.topic(topic)?.overrides ?? new Map<string, string>();
  return { log, overrides };
}

function refuseAll({ topics }: Request, why: Refusal) {
  return mapPartitions(topics, (_, { partition }) => refused(partition, why));
}

function refused(partition: number, why: Refusal): PartitionResponse {
  const nothing = { baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n };
  return { partition, ...why, ...nothing };
}
