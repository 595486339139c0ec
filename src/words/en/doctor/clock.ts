import type { ClockFinding, DatedTopic } from '../../../doctor/check.js';
import { usableInstantMs } from '../../../records/timestamp.js';
import { duration } from '../../../text/figures.js';
import { utcTime } from '../../../text/times.js';
import type { Words } from '../../in-words.js';
import { fine, type CheckText } from './text.js';

export const CLOCK: Words<ClockFinding, CheckText> = {
  CLOCK_OK: ({ topics, nowMs }) =>
    fine(
      `not dated in the future: ${topics
        .map((topic) => datedRecord(topic, nowMs))
        .join(', ')}. Older records were not looked at.`,
    ),
  CLOCK_WITHOUT_RECORDS: () => fine('no record to compare it with'),
  CLOCK_UNKNOWN: ({ failure }) => ({
    detail: `no record could be read: ${failure.message}`,
    fix: null,
  }),
  CLOCK_DIFFERS: ({ topic: { topic, clock }, aheadMs }) => ({
    detail:
      clock === 'broker'
        ? `this machine's clock is ${duration(aheadMs)} or more behind the broker's, which dated the newest record of ${topic}`
        : `the producer of the newest record of ${topic} dated it ${duration(aheadMs)} in the future: its clock or that of this machine is wrong`,
    fix: CLOCK_STATUS,
  }),
  CONSUMER_CLOCK_AHEAD: ({ attemptedAtMs, aheadMs }) => ({
    detail: `the clock of the consumer that wrote the newest dead letter is ${duration(aheadMs)} ahead of the broker's: it said ${utcTime(attemptedAtMs)}`,
    fix: CLOCK_STATUS,
  }),
  CONSUMER_CLOCK_REFUSED: ({ attemptedAtMs }) => ({
    detail: `the broker refused the time of the newest dead letter, which therefore has none: the clock of the consumer that wrote it said ${utcTime(attemptedAtMs)}`,
    fix: CLOCK_STATUS,
  }),
};

/** On the machine whose clock it is. */
const CLOCK_STATUS = 'timedatectl status';

function datedRecord({ topic, newestMs, clock }: DatedTopic, nowMs: number): string {
  const usableMs = usableInstantMs(newestMs);
  const age =
    usableMs === null ? 'without a usable time' : `${duration(Math.max(0, nowMs - usableMs))} old`;
  return `the last records of ${topic} (the newest is ${age}, dated by its ${clock})`;
}
