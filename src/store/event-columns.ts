import type { EventDetails, NewEvent, StoredEvent } from '../ports/store-history.js';

/** An event as the columns of its row. */
export interface EventColumns {
  readonly atMs: number;
  readonly kind: string;
  /** What this kind of event says beside these columns, as JSON. */
  readonly details: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

export function eventColumns({ atMs, actor, kind, ...details }: NewEvent): EventColumns {
  return { atMs, kind, details: JSON.stringify(details), ...actor };
}

export function eventOf(id: number, columns: EventColumns): StoredEvent {
  const { atMs, kind, details, user, host, pid } = columns;
  // The row was written by eventColumns.
  const said = { kind, ...(JSON.parse(details) as object) } as EventDetails;
  return { id, atMs, actor: { user, host, pid }, ...said };
}
