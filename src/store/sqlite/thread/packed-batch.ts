import type { Outcome } from '../../../coupon/outcome.js';
import type {
  Applied,
  ApplyBatch,
  Entry,
  Fingerprint,
  RequestIdentity,
  Source,
} from '../../../ports/coupon-store.js';

/**
 * A batch as it goes to the store's thread: columns instead of an object for each entry, because
 * copying objects from thread to thread costs more than parsing the requests did.
 */
export interface PackedBatch {
  readonly source: Source;
  readonly expectedOffset: bigint | null;
  readonly nextOffset: bigint;
  readonly lastApplied: Fingerprint;
  readonly firstOffset: bigint;
  /** How far each entry's offset is behind the first one's. */
  readonly steps: readonly number[];
  readonly timestampsMs: readonly number[];
  /** Null where a dead letter holds no request; so in the next two columns. */
  readonly eventIds: readonly (string | null)[];
  readonly couponIds: readonly (number | null)[];
  readonly userIds: readonly (number | null)[];
  /** Why an entry was dead-lettered, null for a request to decide; empty where all are such. */
  readonly reasonCodes: readonly (string | null)[];
}

/** What became of each entry of a batch. */
export interface PackedApplied {
  readonly outcomes: readonly Outcome[];
  readonly sequences: readonly (number | null)[];
  /** The indexes of the repeats. */
  readonly repeats: readonly number[];
}

export function packBatch(batch: ApplyBatch): PackedBatch {
  const { source, expectedOffset, nextOffset, lastApplied, entries } = batch;
  const firstOffset = entries[0]?.offset ?? nextOffset;
  const hasDeadLetters = entries.some(({ kind }) => kind === 'dead-letter');
  return {
    source,
    expectedOffset,
    nextOffset,
    lastApplied,
    firstOffset,
    steps: entries.map(({ offset }) => Number(offset - firstOffset)),
    timestampsMs: entries.map(({ timestampMs }) => timestampMs),
    eventIds: entries.map(({ request }) => request?.eventId ?? null),
    couponIds: entries.map(({ request }) => request?.couponId ?? null),
    userIds: entries.map(({ request }) => request?.userId ?? null),
    reasonCodes: hasDeadLetters
      ? entries.map((entry) => (entry.kind === 'dead-letter' ? entry.reasonCode : null))
      : [],
  };
}

export function unpackBatch(packed: PackedBatch): ApplyBatch {
  const { source, expectedOffset, nextOffset, lastApplied } = packed;
  const entries = packed.steps.map((step, index): Entry => {
    const offset = packed.firstOffset + BigInt(step);
    const timestampMs = packed.timestampsMs[index] ?? 0;
    const request = requestAt(packed, index);
    const reasonCode = packed.reasonCodes[index] ?? null;
    if (reasonCode !== null) {
      return { kind: 'dead-letter', offset, timestampMs, reasonCode, request };
    }
    if (request === null) throw new Error('a request to decide has no eventId');
    return { kind: 'request', offset, timestampMs, request };
  });
  return { source, expectedOffset, nextOffset, lastApplied, entries };
}

function requestAt(packed: PackedBatch, index: number): RequestIdentity | null {
  const eventId = packed.eventIds[index] ?? null;
  const couponId = packed.couponIds[index] ?? null;
  const userId = packed.userIds[index] ?? null;
  return eventId === null || couponId === null || userId === null
    ? null
    : { eventId, couponId, userId };
}

export function packApplied(applied: readonly Applied[]): PackedApplied {
  return {
    outcomes: applied.map(({ outcome }) => outcome),
    sequences: applied.map(({ sequence }) => sequence),
    repeats: applied.flatMap(({ repeated }, index) => (repeated ? [index] : [])),
  };
}

export function unpackApplied({ outcomes, sequences, repeats }: PackedApplied): Applied[] {
  const applied = outcomes.map((outcome, index) => ({
    outcome,
    repeated: false,
    sequence: sequences[index] ?? null,
  }));
  for (const index of repeats) {
    const entry = applied[index];
    if (entry !== undefined) entry.repeated = true;
  }
  return applied;
}
