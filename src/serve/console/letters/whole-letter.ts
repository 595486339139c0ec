import { CliError } from '../../../errors.js';
import { withTypeHeader } from '../../../dead-letters/dead-letter.js';
import { findLetter, type LetterPosition } from '../../../dead-letters/find-letter.js';
import { readDeadLetter, type DeadLetter } from '../../../dead-letters/read.js';
import { OriginRecords } from '../../../dead-letters/replay/origin-records.js';
import { originalOf } from '../../../dead-letters/replay/original.js';
import { letterIdentity } from '../../../dead-letters/letter-identity.js';
import type { CouponStore } from '../../../ports/coupon-store.js';
import type { LogReader, LogRecord } from '../../../ports/log.js';
import { traceparentOf } from '../../../records/traceparent.js';
import { MOST_HEADERS, type BytesData, type WholeLetter } from '../wire/letters.js';
import { bytesDataOf, MOST_BYTES } from './bytes-data.js';
import { clipped } from '../../../text/clipped.js';
import { letterRowOf } from './letter-row.js';

export interface WholeLetterPorts {
  readonly reader: Pick<LogReader, 'clusterId' | 'bounds' | 'recordAt' | 'read'>;
  /** The store to read; throws CliError where there is none that can be read. */
  readonly readStore: () => Promise<Pick<CouponStore, 'wasReplayed'>>;
}

/** Throws CliError LETTER_NOT_FOUND, TOPIC_NOT_FOUND, PARTITION_OFFLINE, ... */
export async function wholeLetter(
  ports: WholeLetterPorts,
  position: LetterPosition,
): Promise<WholeLetter> {
  const record = await findLetter(ports.reader, position);
  const letter = readDeadLetter(record);
  const [original, wasReplayed] = await Promise.all([
    originalIn(ports, record, letter),
    wasReplayedOf(ports, record),
  ]);
  const headers = headersOf(record);
  const { lastAttemptAt, stackTrace } = letter;
  return {
    ...letterRowOf(letter, MOST_BYTES),
    lastAttemptAt: typeof lastAttemptAt === 'string' ? lastAttemptAt : (lastAttemptAt?.iso ?? null),
    stackTrace: stackTrace === null ? null : clipped(stackTrace, MOST_BYTES),
    key: dataOf(record.key),
    original: dataOf(original?.value ?? null),
    isOriginalLost: original === null,
    value: dataOf(record.value),
    headers: headers.slice(0, MOST_HEADERS).map(({ name, value }) => ({
      name: clipped(name, MOST_BYTES),
      value: bytesDataOf(value),
    })),
    omittedHeaders: Math.max(0, headers.length - MOST_HEADERS),
    traceparent: traceparentOf(record.headers)?.text ?? null,
    wasReplayed,
  };
}

function dataOf(bytes: Buffer | null): BytesData | null {
  return bytes === null ? null : bytesDataOf(bytes);
}

/** What a replay would send; where the log it came from can't be read now, what the letter has of it. */
async function originalIn(
  { reader }: WholeLetterPorts,
  record: LogRecord,
  { origin }: DeadLetter,
): Promise<LogRecord | null> {
  const found = origin === null ? null : await orNull(new OriginRecords(reader).at(origin));
  return originalOf(record, found);
}

async function wasReplayedOf(
  { reader, readStore }: WholeLetterPorts,
  record: LogRecord,
): Promise<boolean | null> {
  const clusterId = await reader.clusterId();
  return orNull(readStore().then((store) => store.wasReplayed(letterIdentity(record, clusterId))));
}

/** Null where Kafka or the store fails: the rest of the letter is worth showing without it. */
async function orNull<T>(read: Promise<T>): Promise<T | null> {
  return read.catch((error: unknown) => {
    if (error instanceof CliError) return null;
    throw error;
  });
}

function headersOf(
  record: LogRecord,
): readonly { readonly name: string; readonly value: Buffer }[] {
  return Object.entries(withTypeHeader(record.headers)).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  );
}
