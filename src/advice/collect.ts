/** Collects the facts that advice is based on, from a cluster that was observed. */
import { modeOfClientId } from '../consume/consume-mode.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../coupon/topics.js';
import { type Failure, hasCode } from '../errors.js';
import { countLetters } from '../dead-letters/scan.js';
import type { LagReport } from '../lag/lag.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { StoreStand } from '../ports/group-store.js';
import type { LagSample } from '../ports/lag-sample.js';
import type { LogReader } from '../ports/log.js';
import { comparedIn, storeMismatch } from '../records/store-comparison.js';
import { effectiveConfigOf } from '../topics/effective-config.js';
import { withSizes, type SizedTopic } from '../topics/sizes.js';
import type { AdviceFacts, DeadLetterFacts, SaleFacts, TopicFacts } from './facts.js';
import { unreadKeys } from './unread-keys.js';

type AdviceAdmin = Pick<
  ClusterAdmin,
  'brokerIds' | 'describeTopics' | 'listTopics' | 'replicaSizes'
>;

/** A group, as it was observed. */
export interface Observation {
  /** Of the request topic, over the whole observation. */
  readonly lag: LagReport;
  /** Likewise, at its end. */
  readonly last: LagSample;
  readonly observedMs: number;
  readonly topics: readonly SizedTopic[];
  /** Null where there is no DLQ. */
  readonly deadLetters: DeadLetterFacts | null;
  /** By the store here; null: there is none that can be read. */
  readonly sale: SaleFacts | null;
}

/** What the commands of the advice name of the place where they will run. */
export type AdvicePlace = Pick<AdviceFacts, 'bootstrap' | 'host' | 'logPath' | 'storeKind'>;

/** `stand`: of the store here, or why it can't be read; null where there is none. */
export async function collectFacts(
  admin: AdviceAdmin,
  reader: LogReader,
  { lag, last, observedMs, topics, deadLetters, sale }: Observation,
  stand: StoreStand | Failure | null,
  place: AdvicePlace,
): Promise<AdviceFacts> {
  const storeFailure = stand !== null && 'message' in stand ? stand : null;
  const mismatch =
    stand === null || 'message' in stand
      ? null
      : await storeMismatch(stand, reader, comparedIn(last));
  return {
    topic: REQUEST_TOPIC,
    lag,
    observedMs,
    mode: modeOf(lag),
    ...(await unreadKeys(reader, last)),
    topics: topics.map((each) => topicFacts(each, effectiveConfigOf(each))),
    deadLetters,
    brokers: (await admin.brokerIds()).length,
    // What another store has decided says nothing of this group.
    sale: mismatch === null ? sale : null,
    mismatch,
    storeFailure,
    ...place,
  };
}

/** The topics of requests and, where there is one, of dead letters. Throws CliError TOPIC_NOT_FOUND where there is no request topic. */
export async function ownTopics(admin: AdviceAdmin): Promise<readonly SizedTopic[]> {
  const known = await admin.listTopics();
  const wanted = [REQUEST_TOPIC, DLQ_TOPIC];
  const described = await admin.describeTopics(
    wanted.filter((name) => name === REQUEST_TOPIC || known.includes(name)),
  );
  return withSizes(admin, described);
}

/** How many dead letters there are; null without a DLQ, 0 where a partition is offline: OFFLINE_PARTITION reports that. */
export async function countDeadLetters(
  reader: Pick<LogReader, 'bounds'>,
  topics: readonly SizedTopic[],
): Promise<number | null> {
  if (topics.every(({ name }) => name !== DLQ_TOPIC)) return null;
  try {
    return countLetters(await reader.bounds(DLQ_TOPIC));
  } catch (error) {
    if (hasCode(error, 'PARTITION_OFFLINE')) return 0;
    throw error;
  }
}

/** Where the members have several modes, the slowest one: it is the one to change. */
function modeOf({ partitions }: LagReport): AdviceFacts['mode'] {
  const modes = partitions.map(({ clientId }) => modeOfClientId(clientId ?? ''));
  return (['scheduler', 'single', 'batch'] as const).find((mode) => modes.includes(mode)) ?? null;
}

/** `config`: what holds for the topic, as far as it is known. */
export function topicFacts(
  {
    name,
    replicationFactor,
    partitions,
  }: Pick<SizedTopic, 'name' | 'replicationFactor' | 'partitions'>,
  config: Readonly<Record<string, string>>,
): TopicFacts {
  const retentionMs = Number(config['retention.ms'] ?? -1);
  const retentionBytes = Number(config['retention.bytes'] ?? -1);
  return {
    name,
    replicationFactor,
    minInSyncReplicas: Number(config['min.insync.replicas'] ?? 1),
    retentionMs: retentionMs < 0 ? null : retentionMs,
    retentionBytes: retentionBytes < 0 ? null : retentionBytes,
    partitions: partitions.map(({ partition, leader, isr, endOffset, sizeBytes }) => ({
      partition,
      hasLeader: leader !== null,
      leaderAnswers: leader !== null && endOffset !== null,
      inSyncReplicas: isr.length,
      sizeBytes,
    })),
  };
}
