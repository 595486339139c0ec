import {
  MOST_EVENTS,
  type EventKind,
  type NewEvent,
  type Period,
  type StoredEvent,
} from '../../../ports/store-history.js';
import { eventColumns, eventOf } from '../../event-columns.js';
import { int8Array, textArray } from '../connection/binary-array.js';
import { statement, type Query } from '../connection/query.js';

export type EventRow = readonly [
  id: number,
  atMs: number,
  kind: string,
  details: string,
  user: string,
  host: string,
  pid: number,
];

export const EVENT_COLUMNS = 'id, at_ms, kind, details, "user", host, pid';

/** The DELETE does not see the rows that are added beside it. */
const add = statement<Buffer[]>(
  'add_events',
  `WITH added AS (
     INSERT INTO event (at_ms, kind, details, "user", host, pid)
     SELECT at_ms, kind, details, "user", host, pid
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
       WITH ORDINALITY AS n (at_ms, kind, details, "user", host, pid, ordinality)
     ORDER BY ordinality RETURNING id
   )
   DELETE FROM event WHERE id <= (SELECT max(id) FROM added) - ${MOST_EVENTS}`,
);

/** Drops the oldest ones beyond MOST_EVENTS. */
export function addEvents(events: readonly NewEvent[]): Query {
  return add(...eventArrays(events));
}

/** An array each of EVENT_COLUMNS, but for the id. */
export function eventArrays(events: readonly NewEvent[]): readonly Buffer[] {
  const rows = events.map(eventColumns);
  return [
    int8Array(rows.map(({ atMs }) => atMs)),
    textArray(rows.map(({ kind }) => kind)),
    textArray(rows.map(({ details }) => details)),
    textArray(rows.map(({ user }) => user)),
    textArray(rows.map(({ host }) => host)),
    int8Array(rows.map(({ pid }) => pid)),
  ];
}

const readLatestIn = statement<[fromMs: number, toMs: number, limit: number], EventRow>(
  'read_events',
  `SELECT ${EVENT_COLUMNS} FROM event WHERE at_ms >= $1 AND at_ms < $2
   ORDER BY at_ms DESC, id DESC LIMIT $3`,
);

/** The latest ones, the last one first. */
export function readEvents({ fromMs, toMs }: Period, limit: number): Query<EventRow> {
  return readLatestIn(fromMs, toMs, limit);
}

export const readLatestEvent = statement<[kind: EventKind], EventRow>(
  'read_latest_event',
  `SELECT ${EVENT_COLUMNS} FROM event WHERE kind = $1 ORDER BY id DESC LIMIT 1`,
);

export function toEvent([id, atMs, kind, details, user, host, pid]: EventRow): StoredEvent {
  return eventOf(id, { atMs, kind, details, user, host, pid });
}
