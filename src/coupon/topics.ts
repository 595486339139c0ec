/** The names everything in the pipeline agrees on (docs/contract.md, "Topics, groups and messages"). */
export const REQUEST_TOPIC = 'coupon-issue-requests';
export const DLQ_TOPIC = 'coupon-issue-dlq';
export const ORDER_TOPIC = 'order-created-events';
export const CONSUMER_GROUP = 'coupon-issue-group';

/** Kafka keeps its own state in these (__consumer_offsets, ...): no other program writes there. */
export function isInternalTopic(name: string): boolean {
  return name.startsWith('__');
}

/** Kafka's rule. What a header gives for a topic may be any text, and one of 32 KiB can't even be asked for. */
export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}

const DAY_MS = 24 * 60 * 60 * 1000;

export const PROFILES = ['local', 'production'] as const;

export type Profile = (typeof PROFILES)[number];

/** A topic as a profile wants it. `config` holds only what differs from the broker's defaults. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** More than `partitions` is as good, up to this many. */
  readonly partitionsUpTo?: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/** The broker sets the time of a record; a producer's clock does not count. */
const TIMED_BY_BROKER = { 'message.timestamp.type': 'LogAppendTime' } as const;

/**
 * The three topics of a profile. Production: replication factor 3 with two in-sync replicas, so
 * that one broker may fail; LogAppendTime on requests, because validity windows are judged by the
 * record's timestamp and no client may lie about it. Dead letters are timed by the broker in both
 * profiles: it would refuse them from a consumer whose clock is an hour ahead.
 */
export function topicsOf(profile: Profile): readonly TopicSpec[] {
  if (profile === 'local') {
    return [
      { name: REQUEST_TOPIC, partitions: 3, replicationFactor: 1, config: {} },
      { name: DLQ_TOPIC, partitions: 1, replicationFactor: 1, config: TIMED_BY_BROKER },
      { name: ORDER_TOPIC, partitions: 3, replicationFactor: 1, config: {} },
    ];
  }
  const durable = (retentionDays: number): Record<string, string> => ({
    'retention.ms': String(retentionDays * DAY_MS),
    'min.insync.replicas': '2',
  });
  return [
    {
      name: REQUEST_TOPIC,
      partitions: 6,
      partitionsUpTo: 12,
      replicationFactor: 3,
      config: { ...durable(7), ...TIMED_BY_BROKER },
    },
    {
      name: DLQ_TOPIC,
      partitions: 1,
      replicationFactor: 3,
      config: { ...durable(30), ...TIMED_BY_BROKER },
    },
    { name: ORDER_TOPIC, partitions: 6, replicationFactor: 3, config: durable(7) },
  ];
}

/** As many as replication factor 3 needs. */
const PRODUCTION_BROKERS = 3;

/** The profile for a cluster of so many brokers. */
export function profileFor(brokers: number): Profile {
  return brokers >= PRODUCTION_BROKERS ? 'production' : 'local';
}
