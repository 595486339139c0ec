import { mayPass, messageOf, UnreachableError } from '../errors.js';
import type { ConsumeListener } from './events.js';

/**
 * A store that fails for longer than this ends the run (exit 4), and so does a DLQ that answers and
 * refuses: waiting does not fix them. A broker that does not answer is waited for without a limit.
 */
export const OUTAGE_LIMIT_MS = 60_000;
/** How often an outage that goes on is reported. */
const REPORT_MS = 60_000;

/** What a run needs and can be without for a while. */
export interface Service {
  /** As a person would call it. */
  readonly name: string;
  /** Of the error that ends the run, where the failure has no code itself. */
  readonly code: string;
}

export const STORE: Service = { name: 'the store', code: 'STORE_FAILED' };
export const DEAD_LETTERS: Service = {
  name: 'the dead letter topic',
  code: 'DEAD_LETTERS_UNAVAILABLE',
};
export const BROKER: Service = { name: 'the broker', code: 'BROKER_UNREACHABLE' };

export function partitionService(topic: string, partition: number): Service {
  return { name: `partition ${String(partition)} of ${topic}`, code: 'PARTITION_OFFLINE' };
}

interface Outage {
  readonly sinceMs: number;
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

  /**
   * One more failed attempt. Throws UnreachableError (exit 4) where this has failed for longer than
   * the limit; null: it is waited for, however long it takes.
   */
  failed(service: Service, error: Error, limitMs: number | null = null): void {
    const what = service.name;
    const nowMs = this.#now();
    let outage = this.#outages.get(what);
    if (outage === undefined) {
      outage = { sinceMs: nowMs, reportedMs: -Infinity };
      this.#outages.set(what, outage);
    }
    const lastedMs = nowMs - outage.sinceMs;
    if (limitMs !== null && lastedMs >= limitMs) throw lastedTooLong(service, error, lastedMs);
    if (nowMs - outage.reportedMs < REPORT_MS) return;
    outage.reportedMs = nowMs;
    this.#notify({ kind: 'outage', what, lastedMs, reason: messageOf(error) });
  }

  /** It works; does nothing where it did before. */
  works({ name: what }: Service): void {
    const outage = this.#outages.get(what);
    if (outage === undefined) return;
    this.#outages.delete(what);
    this.#notify({ kind: 'recovered', what, afterMs: this.#now() - outage.sinceMs });
  }
}

function lastedTooLong(service: Service, error: Error, lastedMs: number): UnreachableError {
  return new UnreachableError(
    error instanceof UnreachableError ? error.code : service.code,
    `Consuming stopped: ${service.name} has failed for ${String(Math.round(lastedMs / 1000))} s: ${error.message}`,
    'Nothing is lost. Fix the problem and start `coupons consume` again: it goes on where it stopped.',
    { cause: error },
  );
}

/** What a broker says while its replicas are away. */
const REPLICAS_AWAY = [
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
];

/** Whether the DLQ is away; else it answers, and refuses the dead letter. */
export function isAway(error: Error): boolean {
  if (!mayPass(error)) return false;
  return error instanceof UnreachableError || REPLICAS_AWAY.includes(error.code);
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
