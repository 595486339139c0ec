import { REQUEST_TOPIC } from '../coupon/topics.js';
import type { LagSample, PartitionSample } from '../monitor/lag-sample.js';
import { readingOffset } from '../monitor/lag-sample.js';
import type { LogReader, PartitionBounds } from '../pipeline/ports.js';
import type { KafkaCluster } from './cluster.js';
import { committedOffsets, describeGroup, type GroupState } from './groups.js';

export interface LagQuery {
  readonly group: string;
  /** Null: every topic the group has committed to or is assigned, else the request topic. */
  readonly topic: string | null;
}

/**
 * One look at a group. Committed offsets are read before end offsets, so that lag is never negative.
 * Throws CliError TOPIC_NOT_FOUND.
 */
export async function sampleLag(
  cluster: KafkaCluster,
  reader: LogReader,
  { group, topic }: LagQuery,
  now: () => number,
): Promise<LagSample> {
  const state = await describeGroup(cluster, group);
  const committed = await committedOffsets(cluster, group, topic === null ? undefined : [topic]);
  const topics = topic === null ? topicsOfGroup(state, committed) : [topic];
  const partitions = await Promise.all(
    topics.map(async (name) => {
      const bounds = await reader.bounds(name);
      return bounds.map((bound) =>
        samplePartition(name, bound, committed.get(name)?.get(bound.partition) ?? null, state),
      );
    }),
  );
  const samples = partitions.flat();
  return {
    takenAtMs: now(),
    group: { group, state: state.state, members: state.members.length },
    partitions: await Promise.all(samples.map((sample) => withOldest(reader, sample))),
  };
}

function topicsOfGroup(
  state: GroupState,
  committed: ReadonlyMap<string, ReadonlyMap<number, bigint | null>>,
): readonly string[] {
  const assigned = state.members.flatMap(({ assignment }) => Object.keys(assignment));
  const withCommits = [...committed]
    .filter(([, partitions]) => [...partitions.values()].some((offset) => offset !== null))
    .map(([topic]) => topic);
  const topics = [...new Set([...withCommits, ...assigned])].sort();
  return topics.length > 0 ? topics : [REQUEST_TOPIC];
}

function samplePartition(
  topic: string,
  { partition, startOffset, endOffset }: PartitionBounds,
  committedOffset: bigint | null,
  { members }: GroupState,
): PartitionSample {
  const owner = members.find(({ assignment }) => assignment[topic]?.includes(partition));
  return {
    topic,
    partition,
    committedOffset,
    startOffset,
    endOffset,
    oldestUnprocessedTimestampMs: null,
    clientId: owner?.clientId ?? null,
    host: owner?.host ?? null,
  };
}

/** The age of what waits longest, where something waits. */
async function withOldest(reader: LogReader, sample: PartitionSample): Promise<PartitionSample> {
  const offset = readingOffset(sample);
  if (offset >= sample.endOffset) return sample;
  const { topic, partition } = sample;
  const oldest = await reader.recordAt({ topic, partition, offset });
  return { ...sample, oldestUnprocessedTimestampMs: oldest?.timestampMs ?? null };
}
