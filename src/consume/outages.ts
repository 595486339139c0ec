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
};

/** It takes the group's commits, which follow the store, and the first of each partition, which records wait for. */
export const COORDINATOR: Service = {
  name: 'the group coordinator',
  of: 'broker',
  code: 'COORDINATOR_REFUSES',
  isAway: () => true,
};

export function partitionService(topic: string, partition: number): Service {
  return {
    name: `partition ${String(partition)} of ${topic}`,
    of: 'broker',
    code: 'PARTITION_OFFLINE',
    isAway: () => true,
  };
}

interface Outage {
  readonly sinceMs: number;
  /** Since when it answers and refuses; null while it is away. */
  refusingSinceMs: number | null;
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

  /** One more failed attempt. Throws UnreachableError (exit 4) where the service has refused for longer than the limit. */
  failed(service: Service, error: Error): void {
    const what = service.name;
    const nowMs = this.#now();
    let outage = this.#outages.get(what);
    if (outage === undefined) {
      outage = { sinceMs: nowMs, refusingSinceMs: null, reportedMs: -Infinity };
      this.#outages.set(what, outage);
    }
    outage.refusingSinceMs = service.isAway(error) ? null : (outage.refusingSinceMs ?? nowMs);
    const refusedMs = nowMs - (outage.refusingSinceMs ?? nowMs);
    if (refusedMs >= OUTAGE_LIMIT_MS) throw refusedTooLong(service, error, refusedMs);
    if (nowMs - outage.reportedMs < REPORT_MS) return;
    outage.reportedMs = nowMs;
    const lastedMs = nowMs - outage.sinceMs;
    this.#notify({ kind: 'outage', what, lastedMs, reason: messageOf(error) });
  }

  /** It works; does nothing where it did before. */
  works({ name: what, of }: Service): void {
    const outage = this.#outages.get(what);
    if (outage === undefined) return;
    this.#outages.delete(what);
    this.#notify({ kind: 'recovered', what, of, afterMs: this.#now() - outage.sinceMs });
  }
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
