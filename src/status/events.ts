import { MINUTE_MS, type StoredEvent, type StoreHistory } from '../ports/store-history.js';

/** What happened within this time is shown. */
export const RECENT_EVENTS_MS = 60 * MINUTE_MS;

const MOST_EVENTS = 50;

export type AuditedEvent = StoredEvent & { readonly kind: 'AUDITED' };

export interface EventsStatus {
  /** Null: none was recorded. */
  readonly lastAudit: AuditedEvent | null;
  /** Whether outcomes came after it; null: not known, for it is older than RECENT_EVENTS_MS, or a moment old. */
  readonly outcomesSinceAudit: boolean | null;
  /** The others of the last hour, the latest first. */
  readonly recent: readonly StoredEvent[];
}

export type EventsStore = Pick<StoreHistory, 'events' | 'latestEvent' | 'outcomesByMinute'>;

export async function readEvents(store: EventsStore, nowMs: number): Promise<EventsStatus> {
  // Those whose clocks are ahead of ours are among them.
  const period = { fromMs: nowMs - RECENT_EVENTS_MS, toMs: nowMs + RECENT_EVENTS_MS };
  const [audited, events] = await Promise.all([
    store.latestEvent('AUDITED'),
    store.events(period, MOST_EVENTS),
  ]);
  const lastAudit = audited?.kind === 'AUDITED' ? audited : null;
  return {
    lastAudit,
    outcomesSinceAudit: lastAudit === null ? null : await outcomesSince(store, lastAudit, nowMs),
    recent: events.filter(({ kind }) => kind !== 'AUDITED').toReversed(),
  };
}

/** Outcomes are counted by minute: of those of the minute in which it ended this can't be told. */
async function outcomesSince(
  store: EventsStore,
  { atMs }: AuditedEvent,
  nowMs: number,
): Promise<boolean | null> {
  if (nowMs - atMs > RECENT_EVENTS_MS) return null;
  const endedMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  const period = { fromMs: endedMs, toMs: nowMs + RECENT_EVENTS_MS };
  const minutes = await store.outcomesByMinute(period);
  if (minutes.some(({ minuteMs }) => minuteMs > endedMs)) return true;
  return minutes.length > 0 ? null : false;
}
