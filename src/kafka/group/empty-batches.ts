import { sendRaw } from '../client/raw-request.js';
import { READ_COMMITTED } from '../client/inside/isolation.js';
import type {
  FetchAnswer,
  FetchedPartition,
  FetchRequest,
  RawBroker,
  RawMessage,
} from '../client/inside/objects.js';
import { batchesEndAt } from '../log/batch-end.js';

/**
 * Makes a consumer go past batches whose records compaction has deleted. kafkajs does not see a batch
 * without records, fetches it again and again, and the partition is stuck; where records of the batch
 * stand before the offset, it goes on offset by offset. A control record at the batch's last offset,
 * which is never delivered, takes it past.
 */
export function passingEmptyBatches(broker: RawBroker): void {
  const fetch = broker.fetch.bind(broker);
  broker.fetch = async (request) => {
    const answer = await fetch(request);
    const stuck = stuckPartitions(request, answer);
    if (stuck.length === 0) return answer;
    const ends = new Map<FetchedPartition, bigint>();
    for (const { topic, partition, offset } of stuck) {
      const position = { topic, partition: partition.partition, offset };
      const end = await sendRaw(broker, batchesEndAt(position, READ_COMMITTED));
      if (end !== null && end > offset) ends.set(partition, end);
    }
    return withControlRecords(answer, ends);
  };
}

interface StuckPartition {
  readonly topic: string;
  readonly partition: FetchedPartition;
  /** At which it was fetched. */
  readonly offset: bigint;
}

/** Those that brought nothing at or behind their offset, though the log goes on there. */
function stuckPartitions(request: FetchRequest, { responses }: FetchAnswer): StuckPartition[] {
  return responses.flatMap(({ topicName: topic, partitions }) =>
    partitions.flatMap((partition) => {
      const asked = request.topics
        .find((each) => each.topic === topic)
        ?.partitions.find((each) => each.partition === partition.partition);
      if (asked === undefined) return [];
      const offset = BigInt(asked.fetchOffset);
      const last = partition.messages.at(-1);
      const brings = last !== undefined && BigInt(last.offset) >= offset;
      return brings || offset >= BigInt(partition.lastStableOffset)
        ? []
        : [{ topic, partition, offset }];
    }),
  );
}

function withControlRecords(
  answer: FetchAnswer,
  ends: ReadonlyMap<FetchedPartition, bigint>,
): FetchAnswer {
  const responses = answer.responses.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((partition) => {
      const end = ends.get(partition);
      return end === undefined ? partition : { ...partition, messages: [controlRecord(end - 1n)] };
    }),
  }));
  return { ...answer, responses };
}

function controlRecord(offset: bigint): RawMessage {
  return {
    offset: offset.toString(),
    timestamp: '-1',
    key: null,
    value: null,
    headers: {},
    isControlRecord: true,
  };
}
