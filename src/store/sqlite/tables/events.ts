import type { Database } from 'better-sqlite3';
import {
  MOST_EVENTS,
  type EventKind,
  type NewEvent,
  type Period,
  type StoredEvent,
} from '../../../ports/store-history.js';
import { eventColumns, eventOf, type EventColumns } from '../../event-columns.js';

export interface Events {
  /** Draws their ids, and drops the oldest ones beyond MOST_EVENTS. */
  add(events: readonly NewEvent[]): void;
  /** As of StoreHistory. */
  in(period: Period, limit: number): readonly StoredEvent[];
  latest(kind: EventKind): StoredEvent | null;
  /** Writes them with their ids, as they were in another store. */
  copy(events: readonly StoredEvent[]): void;
  /** The next ones by id, up to `limit` of them. */
  behind(id: number, limit: number): readonly StoredEvent[];
}

interface Row extends EventColumns {
  readonly id: number;
}

const COLUMNS = 'id, at_ms AS atMs, kind, details, "user", host, pid';

export function prepareEvents(db: Database): Events {
  const insert = db.prepare<[EventColumns & { readonly id: number | null }]>(
    `INSERT INTO event (id, at_ms, kind, details, "user", host, pid)
     VALUES (:id, :atMs, :kind, :details, :user, :host, :pid)`,
  );
  const trim = db.prepare(
    `DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ${MOST_EVENTS}`,
  );
  const latestIn = db.prepare<[fromMs: number, toMs: number, limit: number], Row>(
    `SELECT ${COLUMNS} FROM event WHERE at_ms >= ? AND at_ms < ?
     ORDER BY at_ms DESC, id DESC LIMIT ?`,
  );
  const latestOf = db.prepare<[kind: EventKind], Row>(
    `SELECT ${COLUMNS} FROM event WHERE kind = ? ORDER BY id DESC LIMIT 1`,
  );
  const next = db.prepare<[afterId: number, limit: number], Row>(
    `SELECT ${COLUMNS} FROM event WHERE id > ? ORDER BY id LIMIT ?`,
  );
  return {
    add: (events) => {
      if (events.length === 0) return;
      for (const event of events) insert.run({ id: null, ...eventColumns(event) });
      trim.run();
    },
    in: ({ fromMs, toMs }, limit) => latestIn.all(fromMs, toMs, limit).map(toEvent).reverse(),
    latest: (kind) => {
      const row = latestOf.get(kind);
      return row === undefined ? null : toEvent(row);
    },
    copy: (events) => {
      for (const { id, ...event } of events) insert.run({ id, ...eventColumns(event) });
    },
    behind: (id, limit) => next.all(id, limit).map(toEvent),
  };
}

function toEvent({ id, ...columns }: Row): StoredEvent {
  return eventOf(id, columns);
}
