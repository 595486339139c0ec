import type { EventDetails } from '../ports/store-history.js';
import type { ConsumeEvent } from './events.js';

/** What all events of one run of `consume` have in common. */
export interface RunIdentity {
  readonly run: string;
  readonly group: string;
}

/** What the store remembers of an event of a run; null: nothing. */
export function rememberedOf(
  event: ConsumeEvent,
  { run, group }: RunIdentity,
): EventDetails | null {
  switch (event.kind) {
    case 'joined': {
      const { member, partitions } = event;
      return { kind: 'PARTITIONS_ASSIGNED', run, group, member, partitions };
    }
    case 'recovered': {
      const { of, what } = event;
      return { kind: 'OUTAGE', run, of, what, elapsedMs: Math.round(event.afterMs) };
    }
    default:
      return null;
  }
}
