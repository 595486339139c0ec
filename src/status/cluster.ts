import type { Clock } from '../ports/clock.js';
import type { BrokerDescription, ClusterAdmin } from '../ports/cluster-admin.js';

export interface BrokerStatus extends BrokerDescription {
  readonly answers: boolean;
}

export interface ClusterStatus {
  readonly clusterId: string;
  /** Those that the cluster counts as up. */
  readonly brokers: readonly BrokerStatus[];
  /** How long each had to answer. */
  readonly limitMs: number;
}

export type ClusterStatusAdmin = Pick<ClusterAdmin, 'describeCluster' | 'probeBroker'>;

/** Asks each broker by itself: the cluster counts one that hangs as up for seconds. */
export async function readCluster(
  admin: ClusterStatusAdmin,
  clock: Clock,
  limitMs: number,
): Promise<ClusterStatus> {
  const { clusterId, brokers } = await admin.describeCluster();
  const asked = brokers.map(async (broker) => ({
    ...broker,
    answers: await answersWithin(limitMs, clock, () => admin.probeBroker(broker.address)),
  }));
  return { clusterId, brokers: await Promise.all(asked), limitMs };
}

async function answersWithin(
  limitMs: number,
  clock: Clock,
  ask: () => Promise<unknown>,
): Promise<boolean> {
  const over = new AbortController();
  const late = clock.wait(limitMs, over.signal).then(() => false);
  const answer = ask().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}
