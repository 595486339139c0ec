import { mayPass, messageOf, UnreachableError } from '../errors.js';
import { STORE_UNREACHABLE, StoreUnavailableError } from '../ports/coupon-store.js';
import type { OutageOf } from '../ports/store-history.js';
import type { ConsumeListener } from './events.js';

/** What answers and refuses for longer than this ends the run (exit 4): waiting does not fix it. */
export const OUTAGE_LIMIT_MS = 60_000;
/** How often an outage that goes on is reported. */
const REPORT_MS = 60_000;

/** What a run needs and can be without for a while. */
export interface Service {
  /** As a person would call it. */
  readonly name: string;
  readonly of: OutageOf;
  /** Of the error that ends the run, where the failure has no code itself. */
  readonly code: string;
  /** Whether this failure says that it is away, which is waited for without a limit; else it answers, and refuses. */
  readonly isAway: (error: Error) => boolean;
  /**
   * The run asks it again and again (watch/): a look that succeeds ends an outage that looks alone have seen, and not
   * one that the work has met, which may need more of it than a look does.
   */
  readonly isWatched?: boolean;
}

/**
 * A file is on this machine: only a database on the network is ever away. Its server is restarted or replaced by a
 * standby, and is waited for as a broker is; a store that is locked, full or refuses the login needs an operator.
 */
export const STORE: Service = {
  name: 'the store',
  of: 'store',
  code: 'STORE_FAILED',
  isAway: (error) => error instanceof StoreUnavailableError && error.code === STORE_UNREACHABLE,
};

/** The store as a run without requests looks at it. Whatever it answers: what refuses a look ends no run. */
export const STORE_AT_REST: Service = { ...STORE, isAway: () => true, isWatched: true };

/** What a broker says while its replicas are away. */
const REPLICAS_AWAY = [
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
];

export const DEAD_LETTERS: Service = {
  name: 'the dead letter topic',
  of: 'dlq',
  code: 'DEAD_LETTERS_UNAVAILABLE',
  isAway: (error) =>
    mayPass(error) && (error instanceof UnreachableError || REPLICAS_AWAY.includes(error.code)),
};

export const BROKER: Service = {
  name: 'the broker',
  of: 'broker',
  code: 'BROKER_UNREACHABLE',
  isAway: () => true,
  isWatched: true,
};

/** It takes the group's commits, which follow the store, and the first of each partition, which records wait for. */
export const COMMITS: Service = {
  name: 'the group coordinator',
  of: 'broker',
  code: 'COORDINATOR_REFUSES',
  isAway: () => true,
};

/** The broker that answers for the group: without it no member joins or stays. */
export const COORDINATOR: Service = { ...COMMITS, code: 'COORDINATOR_AWAY', isWatched: true };

/** Its coordinator answers, and lets a member wait. */
export const GROUP: Service = {
  name: 'the consumer group',
  of: 'broker',
  code: 'REBALANCE_NOT_OVER',
  isAway: () => true,
  isWatched: true,
};

export function partitionService(topic: string, partition: number): Service {
  return {
    name: `partition ${String(partition)} of ${topic}`,
    of: 'broker',
    code: 'PARTITION_OFFLINE',
    isAway: () => true,
    isWatched: true,
  };
}

/** All of its partitions, for one reason: it was deleted, or no leader answers. */
export function topicService(topic: string): Service {
  return {
    name: topic,
    of: 'broker',
    code: 'TOPIC_UNREADABLE',
    isAway: () => true,
    isWatched: true,
  };
}

interface Outage {
  readonly sinceMs: number;
  /** Since when it answers and refuses; null while it is away. */
  refusingSinceMs: number | null;
  /** Only looks have failed, and no work. */
  isSeenByLooks: boolean;
  reportedMs: number;
}

/**
 * What does not work at the moment: the store, the broker, a partition without a leader. Members
 * share one, so that each outage is reported once: when it begins, every minute, and when it is over.
 */
export class Outages {
  readonly #notify: ConsumeListener;
  readonly #now: () => number;
  readonly #outages = new Map<string, Outage>();

  constructor(notify: ConsumeListener, now: () => number) {
    this.#notify = notify;
    this.#now = now;
  }

  /** Whether an outage of it has been reported and is not over. */
  isOut({ name }: Service): boolean {
    return this.#outages.has(name);
  }

  /** One more failed attempt. Throws UnreachableError (exit 4) where the service has refused work for longer than the limit. */
  failed(service: Service, error: Error): void {
    const { name: what, isWatched = false } = service;
    const nowMs = this.#now();
    const outage = this.#outages.get(what) ?? newOutage(nowMs);
    this.#outages.set(what, outage);
    if (!isWatched) {
      outage.isSeenByLooks = false;
      outage.refusingSinceMs = service.isAway(error) ? null : (outage.refusingSinceMs ?? nowMs);
      const refusedMs = nowMs - (outage.refusingSinceMs ?? nowMs);
      if (refusedMs >= OUTAGE_LIMIT_MS) throw refusedTooLong(service, error, refusedMs);
    }
    if (nowMs - outage.reportedMs < REPORT_MS) return;
    outage.reportedMs = nowMs;
    const lastedMs = nowMs - outage.sinceMs;
    this.#notify({ kind: 'outage', what, lastedMs, reason: messageOf(error) });
  }

  /** It works; does nothing where it did before, or where a look is not enough to say so. */
  works({ name: what, of, isWatched = false }: Service): void {
    const outage = this.#outages.get(what);
    if (outage === undefined || (isWatched && !outage.isSeenByLooks)) return;
    this.#outages.delete(what);
    this.#notify({ kind: 'recovered', what, of, afterMs: this.#now() - outage.sinceMs });
  }
}

function newOutage(nowMs: number): Outage {
  return { sinceMs: nowMs, refusingSinceMs: null, isSeenByLooks: true, reportedMs: -Infinity };
}

function refusedTooLong(service: Service, error: Error, refusedMs: number): UnreachableError {
  return new UnreachableError(
    error instanceof UnreachableError ? error.code : service.code,
    `Consuming stopped: ${service.name} has failed for ${String(Math.round(refusedMs / 1000))} s: ${error.message}`,
    'Nothing is lost. Fix the problem and start `coupons consume` again: it goes on where it stopped.',
    { cause: error },
  );
}

/** What no waiting fixes: the store is of another log, or the topic was deleted. */
const FINAL_CODES = [
  'STORE_OF_ANOTHER_CLUSTER',
  'STORE_NOT_OF_GROUP',
  'STORE_BEHIND_GROUP',
  'STORE_AHEAD_OF_LOG',
  'LOG_REPLACED',
  'TOPIC_NOT_FOUND',
];

/** Whether a look at the cluster is repeated until it succeeds. */
export function isWaitedFor(error: unknown): boolean {
  return mayPass(error) && !FINAL_CODES.includes(error.code);
}
