/** What the newest records say about clocks. Kafka has no request for the time of a broker. */
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import { readDeadLetter } from '../../dead-letters/read.js';
import type { DatedTopic } from '../../doctor/check.js';
import type { ClockObservation, DatedLetter } from '../../doctor/clock-check.js';
import { hasCode } from '../../errors.js';
import type { LogReader, LogRecord } from '../../ports/log.js';
import { timestampMsOf } from '../../records/timestamp.js';
import type { Services } from '../services.js';

/** Rejects with CliError where the records can't be read. */
export async function observeClocks(services: Services): Promise<ClockObservation> {
  const reader = await services.reader();
  const [requests, letters] = await Promise.all([
    newestRecords(reader, REQUEST_TOPIC),
    newestRecords(reader, DLQ_TOPIC),
  ]);
  const present = [REQUEST_TOPIC, DLQ_TOPIC].filter(
    (topic) => (topic === REQUEST_TOPIC ? requests : letters).length > 0,
  );
  const admin = await services.admin();
  const described = await admin.describeTopics(present);
  const isTimedByBroker = (topic: string) =>
    described.find(({ name }) => name === topic)?.effectiveConfig?.['message.timestamp.type'] ===
    'LogAppendTime';
  return {
    topics: [requests, letters].flatMap((records) => datedTopic(records, isTimedByBroker)),
    letter: newestLetter(letters, isTimedByBroker(DLQ_TOPIC)),
  };
}

/** The last record of each partition that has one; none where the topic is missing. */
async function newestRecords(reader: LogReader, topic: string): Promise<readonly LogRecord[]> {
  const bounds = await reader.bounds(topic).catch((error: unknown) => {
    if (hasCode(error, 'TOPIC_NOT_FOUND')) return [];
    throw error;
  });
  const last = await Promise.all(
    bounds
      .filter(({ startOffset, stableEndOffset }) => stableEndOffset > startOffset)
      .map(({ partition, stableEndOffset }) =>
        reader.recordAt({ topic, partition, offset: stableEndOffset - 1n }),
      ),
  );
  return last.filter((record) => record !== null);
}

function datedTopic(
  records: readonly LogRecord[],
  isTimedByBroker: (topic: string) => boolean,
): readonly DatedTopic[] {
  const [first] = records;
  if (first === undefined) return [];
  const newestMs = Math.max(...records.map(timestampMsOf));
  const { topic } = first;
  return [{ topic, newestMs, clock: isTimedByBroker(topic) ? 'broker' : 'producer' }];
}

/** Null where the newest dead letter does not say when, by its consumer's clock, it was written. */
function newestLetter(letters: readonly LogRecord[], isTimed: boolean): DatedLetter | null {
  const dated = letters.flatMap((record): readonly DatedLetter[] => {
    const { lastAttemptAt } = readDeadLetter(record);
    // Another system's time without a zone may be off by hours, and no clock is wrong.
    if (lastAttemptAt === null || typeof lastAttemptAt === 'string') return [];
    if (!lastAttemptAt.hasZone) return [];
    const attemptedAtMs = Date.parse(lastAttemptAt.iso);
    if (record.timestamp === -1n) return [{ attemptedAtMs, appendedAtMs: null }];
    return isTimed ? [{ attemptedAtMs, appendedAtMs: timestampMsOf(record) }] : [];
  });
  const [newest] = dated.toSorted((a, b) => b.attemptedAtMs - a.attemptedAtMs);
  return newest ?? null;
}
