import type { Part } from '../readings/part.js';
import type { CampaignsStatus } from './campaigns.js';
import type { ClusterStatus } from './cluster.js';
import type { EventsStatus } from './events.js';
import type { GroupStatus } from './group.js';
import type { LettersStatus } from './letters.js';
import type { StoreCondition } from '../ports/store-access.js';
import type { StoreStatus } from './store.js';
import type { TopicsStatus } from './topics.js';

/** What each part of a status says. */
export interface StatusData {
  readonly cluster: ClusterStatus;
  readonly topics: TopicsStatus;
  readonly group: GroupStatus;
  readonly store: StoreStatus & StoreCondition;
  readonly campaigns: CampaignsStatus;
  readonly letters: LettersStatus;
  readonly events: EventsStatus;
}

export type PartName = keyof StatusData;

/** In the order in which they are shown. */
export const PART_NAMES: readonly PartName[] = [
  'cluster',
  'topics',
  'group',
  'store',
  'campaigns',
  'letters',
  'events',
];

/** Each part by itself: one that can't be read leaves the others as they are. */
export type StatusParts = { readonly [Name in PartName]: Part<StatusData[Name]> };

/** What was read at this look, and nothing that is older; null: it was not. */
export type StatusNow = { readonly [Name in PartName]: StatusData[Name] | null };

export function allReadNow(parts: StatusParts): StatusNow {
  return {
    cluster: readNow(parts.cluster),
    topics: readNow(parts.topics),
    group: readNow(parts.group),
    store: readNow(parts.store),
    campaigns: readNow(parts.campaigns),
    letters: readNow(parts.letters),
    events: readNow(parts.events),
  };
}

/** Of one part. */
export function readNow<Data>({ data, failure }: Part<Data>): Data | null {
  return failure === null ? data : null;
}
