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
  /** Kafka's names of further errors that pass. */
  readonly mending?: readonly string[] | undefined;
}

/**
 * Does it again for as long as what it needs has no broker: Kafka takes some 9 s to see that one is
 * down, and a cluster that nobody has asked for a group yet makes its coordinators first. kafkajs
 * gives up at once. Where no broker answers at all, so does this.
 */
export async function throughFailover<T>(
  { timeoutMs, refresh, mending = [] }: Failover,
  work: () => Promise<T>,
): Promise<T> {
  const givesUpAt = performance.now() + timeoutMs - SPARE_MS;
  let failure: unknown = null;
  for (;;) {
    try {
      if (failure === null) return await work();
      return await within(Math.ceil(givesUpAt - performance.now()), work());
    } catch (error) {
      const isLate = performance.now() >= givesUpAt;
      // The one before says more than that this one took too long.
      failure = isLate ? (failure ?? error) : error;
      const isDown = isUnreachable(failure);
      const mends = isDown || [...MOVING, ...mending].includes(protocolErrorType(failure) ?? '');
      if (!mends) throw failure;
      if (isLate) throw isDown ? brokerDown(failure) : failure;
      await refresh().catch(async () => {
        // The first to be asked may be the one that is down, which is known a moment later.
        await sleep(RETRY_MS);
        await refresh();
      });
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
