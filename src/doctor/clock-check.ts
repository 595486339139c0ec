/** Whether clocks differ, as far as records show it. */
import type { Failure } from '../errors.js';
import { pass, warn, type Check, type DatedTopic } from './check.js';

/** The newest dead letter has two times. */
export interface DatedLetter {
  /** When its consumer wrote it, by the clock of the consumer. */
  readonly attemptedAtMs: number;
  /** When the broker got it, by its own clock. Null: it has no time, for the broker refused the consumer's. */
  readonly appendedAtMs: number | null;
}

export interface ClockObservation {
  /** The topics that have records. */
  readonly topics: readonly DatedTopic[];
  readonly letter: DatedLetter | null;
}

/** More than what clocks that are kept by NTP differ by. */
const CLOCK_TOLERANCE_MS = 2000;

/**
 * A record dated in the future shows that a clock is wrong, and so does a dead letter that was written
 * after the broker had it. That this machine is ahead no record shows: it may only be old.
 */
export function checkClock(seen: ClockObservation | Failure, nowMs: number): Check {
  const name = 'clock';
  if ('message' in seen) return warn(name, { code: 'CLOCK_UNKNOWN', failure: seen });
  const { topics, letter } = seen;
  if (topics.length === 0) return pass(name, { code: 'CLOCK_WITHOUT_RECORDS' });
  // The broker's clock first: it shows whose is wrong.
  const byClock = topics.toSorted((a, b) => a.clock.localeCompare(b.clock));
  const ahead = byClock.find(({ newestMs }) => newestMs - nowMs > CLOCK_TOLERANCE_MS);
  if (ahead !== undefined) {
    const aheadMs = ahead.newestMs - nowMs;
    return warn(name, { code: 'CLOCK_DIFFERS', topic: ahead, aheadMs });
  }
  if (letter !== null) {
    const { attemptedAtMs, appendedAtMs } = letter;
    if (appendedAtMs === null) return warn(name, { code: 'CONSUMER_CLOCK_REFUSED', attemptedAtMs });
    const aheadMs = attemptedAtMs - appendedAtMs;
    if (aheadMs > CLOCK_TOLERANCE_MS) {
      return warn(name, { code: 'CONSUMER_CLOCK_AHEAD', attemptedAtMs, aheadMs });
    }
  }
  return pass(name, { code: 'CLOCK_OK', topics, nowMs });
}
