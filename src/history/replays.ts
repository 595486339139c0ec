/** A replay begins with one event and ends with another one. */
import type { CouponStore } from '../ports/coupon-store.js';
import type { EventDetails, StoredEvent } from '../ports/store-history.js';

type BegunReplay = StoredEvent & Extract<EventDetails, { kind: 'REPLAY_BEGUN' }>;

/** A replay without a recorded end: it still runs, or was killed. */
export interface UnendedReplay extends Omit<BegunReplay, 'kind'> {
  readonly kind: 'REPLAY_NOT_ENDED';
  /** Of `letters`, by what the store remembers. */
  readonly sent: number;
  /** Up to when no end is recorded. */
  readonly untilMs: number;
}

/** As much of whatever happened as says which replay it is of. */
interface OfRun {
  readonly kind: string;
  readonly run?: string;
}

function endedRuns(happenings: readonly OfRun[]): ReadonlySet<string | undefined> {
  const ends = happenings.filter(({ kind }) => kind === 'LETTERS_REPLAYED');
  return new Set(ends.map(({ run }) => run));
}

/** Without the beginnings of replays whose ends are there, too: one line says it all. */
export function withoutEndedBeginnings<Each extends OfRun>(
  happenings: readonly Each[],
): readonly Each[] {
  const ended = endedRuns(happenings);
  return happenings.filter(({ kind, run }) => kind !== 'REPLAY_BEGUN' || !ended.has(run));
}

/**
 * Counts for each replay that has not ended how many letters the store remembers of it: those that were replayed from its
 * beginning to that of the next one. `events`: in their order, up to `untilMs`.
 */
export async function withUnended(
  store: Pick<CouponStore, 'countReplayedWithin'>,
  events: readonly StoredEvent[],
  untilMs: number,
): Promise<readonly (StoredEvent | UnendedReplay)[]> {
  const ended = endedRuns(events);
  return Promise.all(
    events.map(async (event, place) => {
      if (event.kind !== 'REPLAY_BEGUN' || ended.has(event.run)) return event;
      const next = events.slice(place + 1).find(({ kind }) => kind === 'REPLAY_BEGUN');
      const during = { fromMs: event.atMs, toMs: next?.atMs ?? untilMs };
      const sent = await store.countReplayedWithin(event.topic, during);
      return { ...event, kind: 'REPLAY_NOT_ENDED' as const, sent, untilMs };
    }),
  );
}
