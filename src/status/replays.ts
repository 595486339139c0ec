/** How many of the dead letters were replayed, as the store remembers it. */
import { replayedOf, type LetterCount } from '../dead-letters/replay-marks.js';
import { CliError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import type { StoreMismatch } from '../ports/group-store.js';

export interface ReplaysStatus {
  /** Null where it is not known. */
  readonly replayed: number | null;
  /** Why it is not: a code. Null where it is known, and where there is no DLQ. */
  readonly replayedUnknown: string | null;
}

/** A store that is away must not keep the letters waiting: it has `limitMs` to answer. */
export async function readReplays(
  count: () => Promise<readonly LetterCount[]>,
  clock: Clock,
  limitMs: number,
): Promise<ReplaysStatus> {
  const over = new AbortController();
  const late = clock.wait(limitMs, over.signal).then(() => unknown('NO_ANSWER'));
  try {
    return await Promise.race([counted(count), late]);
  } finally {
    over.abort();
  }
}

/** A store that is not the group's knows nothing of what was replayed with the group's one. */
export function byStoreOfGroup<Replays extends ReplaysStatus>(
  replays: Replays,
  mismatch: StoreMismatch | null,
): Replays {
  return replays.replayed === null || mismatch === null
    ? replays
    : { ...replays, ...unknown(mismatch.code) };
}

async function counted(count: () => Promise<readonly LetterCount[]>): Promise<ReplaysStatus> {
  try {
    const replayed = replayedOf(await count());
    return replayed === null ? unknown('NOT_COUNTED') : { replayed, replayedUnknown: null };
  } catch (error) {
    if (error instanceof CliError) return unknown(error.code);
    throw error;
  }
}

function unknown(code: string): ReplaysStatus {
  return { replayed: null, replayedUnknown: code };
}
