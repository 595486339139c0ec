/** The dead letters that name one user, of all programs, also those without a valid request. */
import { DLQ_TOPIC } from '../coupon/topics.js';
import type { LetterPosition } from '../dead-letters/find-letter.js';
import { couponIdOf } from '../dead-letters/filter.js';
import { userIdIn } from '../dead-letters/original-value.js';
import { letterIdentity } from '../dead-letters/letter-identity.js';
import { readLetterHeaders } from '../dead-letters/headers.js';
import { readDeadLetter, type DeadLetter } from '../dead-letters/read.js';
import { countLetters, scanRecords } from '../dead-letters/scan.js';
import { InterruptedError } from '../errors.js';
import type { CouponStore, OutcomeRow } from '../ports/coupon-store.js';
import type { LogReader, LogRecord, PartitionBounds, Position } from '../ports/log.js';
import { spellPosition } from '../records/spell-position.js';

export interface UserLetter {
  readonly position: LetterPosition;
  readonly timestampMs: number | null;
  /** Of the record that failed; null where the letter does not say. */
  readonly origin: Position | null;
  readonly reasonCode: string | null;
  readonly failureReason: string | null;
  /** Null where the original names none. */
  readonly couponId: number | null;
  readonly userId: number | null;
  readonly wasReplayed: boolean;
}

/** So many of the newest letters are looked at: a second or two. */
export const MOST_LETTERS = 50_000;

export interface UserLetters {
  /** The newest first. */
  readonly letters: readonly UserLetter[];
  readonly looked: number;
  readonly total: number;
}

export interface LetterSources {
  readonly reader: Pick<LogReader, 'clusterId' | 'read'>;
  readonly store: Pick<CouponStore, 'wasReplayed'>;
}

export interface LettersWanted {
  readonly userId: number;
  /** The user's outcomes: the letters of those records are found also where they are cut. */
  readonly rows: readonly OutcomeRow[];
  readonly bounds: readonly PartitionBounds[];
  /** Told of each letter: 1. */
  readonly onRead?: (letters: number) => void;
  readonly signal?: AbortSignal;
}

/** Throws InterruptedError where the signal aborts. */
export async function userLetters(
  { reader, store }: LetterSources,
  { userId, rows, bounds, onRead, signal }: LettersWanted,
): Promise<UserLetters> {
  const total = countLetters(bounds);
  const clusterId = await reader.clusterId();
  const origins = new Set(rows.map(({ position }) => spellPosition(position)));
  const found: UserLetter[] = [];
  let looked = 0;
  for await (const record of scanRecords(reader, { topic: DLQ_TOPIC, bounds, newestFirst: true })) {
    if (signal?.aborted === true) throw new InterruptedError();
    looked += 1;
    onRead?.(1);
    const letter = letterOfUser(record, userId, origins);
    if (letter !== null) {
      const wasReplayed = await store.wasReplayed(letterIdentity(record, clusterId));
      found.push({ ...letter, wasReplayed });
    }
    if (looked === MOST_LETTERS) break;
  }
  return { letters: found, looked, total };
}

/** Null where it does not name the user, and is of none of these records. */
function letterOfUser(
  record: LogRecord,
  userId: number,
  origins: ReadonlySet<string>,
): Omit<UserLetter, 'wasReplayed'> | null {
  const { origin } = readLetterHeaders(record.headers);
  const isOfRow = origin !== null && origins.has(spellPosition(origin));
  if (!isOfRow && !mayName(record, userId)) return null;
  const letter = userLetterOf(readDeadLetter(record));
  return letter.userId === userId || (isOfRow && letter.userId === null) ? letter : null;
}

/** Most letters are of other users: they need not be parsed. What is no text is in base64. */
function mayName({ value }: LogRecord, userId: number): boolean {
  return value !== null && (value.includes(String(userId)) || value.includes('"base64"'));
}

function userLetterOf(letter: DeadLetter): Omit<UserLetter, 'wasReplayed'> {
  const { partition, offset, timestampMs, origin, reasonCode, failureReason } = letter;
  return {
    position: { partition, offset },
    timestampMs,
    origin,
    reasonCode,
    failureReason,
    couponId: couponIdOf(letter),
    userId: userIdIn(letter),
  };
}
