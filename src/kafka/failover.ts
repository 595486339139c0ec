import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { brokerDown, isUnreachable, protocolErrorType } from './errors.js';

/** What a broker says while a leader or a coordinator is elected, or still loads its groups. */
const MOVING = [
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
];
const RETRY_MS = 200;
/** The last failure is told, rather than that time is up: it names the broker. */
const SPARE_MS = 500;

export interface Failover {
  /** How long the command may wait. */
  readonly timeoutMs: number;
  /** Asks any broker for the cluster as it is now; throws where none answers. */
  readonly refresh: () => Promise<unknown>;
}

/**
 * Does it again for as long as what it needs has no broker: Kafka takes some 9 s to see that one is
 * down, and a cluster that nobody has asked for a group yet makes its coordinators first. kafkajs
 * gives up at once. Where no broker answers at all, so does this.
 */
export async function throughFailover<T>(
  { timeoutMs, refresh }: Failover,
  work: () => Promise<T>,
): Promise<T> {
  const givesUpAt = performance.now() + timeoutMs - SPARE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isDown = isUnreachable(error);
      const mends = isDown || MOVING.includes(protocolErrorType(error) ?? '');
      if (!mends) throw error;
      // The first broker to be asked may be the one that is down, which the second time is avoided.
      await refresh().catch(refresh);
      if (performance.now() >= givesUpAt) throw isDown ? brokerDown(error) : error;
    }
    await sleep(RETRY_MS);
  }
}

/** Takes a broker that does not answer by then for one that is down. */
export async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = sleep(limitMs, undefined, { signal: answered.signal }).then(() => {
    throw new kafkajs.KafkaJSConnectionError(`no answer within ${String(limitMs / 1000)} s`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}
