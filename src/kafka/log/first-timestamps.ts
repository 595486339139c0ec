import { groupBy } from '../../group-by.js';
import type { Position } from '../../ports/log.js';
import { fetchWithinRange } from '../client/inside/fetch-within-range.js';
import { READ_UNCOMMITTED } from '../client/inside/isolation.js';
import type { FetchedPartition, InnerCluster } from '../client/inside/objects.js';

/**
 * How much of each partition is asked for. A broker gives whole batches only, and passes a partition
 * over whose first batch is larger, the first one of a request excepted: those are asked again, for
 * more. Nearly every batch is within the second round: Java producers fill 16 KiB, kafkajs sends what
 * it is given.
 */
const ROUNDS_BYTES = [4 * 1024, 64 * 1024, 1024 * 1024];
/** A request's answer is at most this, so that a look never fills the memory. */
const REQUEST_BYTES = 16 * 1024 * 1024;
/** So many requests a leader and a round: what is then still unread stays unknown. */
const REQUESTS_A_ROUND = 4;
/** There is something to read at every position, so nothing is waited for. */
const FETCH_WAIT_MS = 100;

interface Wanted {
  readonly index: number;
  readonly position: Position;
}

/**
 * Fetches the first batch at each position, all partitions of a leader together. What is in an open
 * transaction waits like everything else.
 */
export async function firstTimestamps(
  inner: InnerCluster,
  positions: readonly Position[],
): Promise<readonly (number | null)[]> {
  const found = new Array<number | null>(positions.length).fill(null);
  await Promise.all(
    [...byLeader(inner, positions)].map(async ([nodeId, wanted]) => {
      let waiting = wanted;
      for (const partitionBytes of ROUNDS_BYTES) {
        waiting = await readRound(inner, nodeId, waiting, partitionBytes, found);
      }
    }),
  );
  return found;
}

function byLeader(
  inner: InnerCluster,
  positions: readonly Position[],
): ReadonlyMap<string, readonly Wanted[]> {
  const leaders = new Map<string, number>();
  for (const topic of new Set(positions.map(({ topic }) => topic))) {
    for (const { partitionId, leader } of inner.findTopicPartitionMetadata(topic)) {
      leaders.set(placeOf(topic, partitionId), leader);
    }
  }
  const leaderOf = ({ topic, partition }: Position) => leaders.get(placeOf(topic, partition)) ?? -1;
  const led = positions
    .map((position, index) => ({ index, position }))
    .filter(({ position }) => leaderOf(position) >= 0);
  return groupBy(led, ({ position }) => String(leaderOf(position)));
}

/** Notes what one round finds, and gives what it did not. */
async function readRound(
  inner: InnerCluster,
  nodeId: string,
  wanted: readonly Wanted[],
  partitionBytes: number,
  found: (number | null)[],
): Promise<readonly Wanted[]> {
  const partitionsARequest = REQUEST_BYTES / partitionBytes;
  for (let request = 0; request < REQUESTS_A_ROUND; request += 1) {
    const from = request * partitionsARequest;
    const chunk = wanted.slice(from, from + partitionsARequest);
    if (chunk.length === 0) break;
    const read = await fetchFirst(inner, nodeId, chunk, partitionBytes);
    for (const { index, position } of chunk) {
      const partition = read.get(placeOf(position.topic, position.partition));
      found[index] = firstTimestamp(partition, position.offset);
    }
  }
  return wanted.filter(({ index }) => found[index] === null);
}

async function fetchFirst(
  inner: InnerCluster,
  nodeId: string,
  wanted: readonly Wanted[],
  partitionBytes: number,
): Promise<ReadonlyMap<string, FetchedPartition>> {
  const topics = [...groupBy(wanted, ({ position }) => position.topic)].map(([topic, those]) => ({
    topic,
    partitions: those.map(({ position: { partition, offset } }) => ({
      partition,
      fetchOffset: offset.toString(),
      maxBytes: partitionBytes,
    })),
  }));
  const broker = await inner.findBroker({ nodeId });
  // Retention may have been quicker than this look in some of the partitions.
  const { responses } = await fetchWithinRange(broker, {
    maxWaitTime: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: REQUEST_BYTES,
    isolationLevel: READ_UNCOMMITTED,
    topics,
  });
  return new Map(
    responses.flatMap(({ topicName, partitions }) =>
      partitions.map((partition) => [placeOf(topicName, partition.partition), partition]),
    ),
  );
}

function firstTimestamp(partition: FetchedPartition | undefined, offset: bigint): number | null {
  const first = partition?.messages.find(
    (message) => message.isControlRecord !== true && BigInt(message.offset) >= offset,
  );
  return first === undefined ? null : Number(first.timestamp);
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${String(partition)}`;
}
