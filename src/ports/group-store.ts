import type { Failure } from '../errors.js';
import type { StoredPosition } from './coupon-store.js';

/**
 * Which store a consumer group uses. Each member says so in its subscription, and each committed offset in
 * its metadata (records/store-mark.ts has the encoding), because two stores in one group would each miss
 * what the other one decided.
 */
export interface GroupStore {
  /** Of the store; a copy of its file has the same one. */
  readonly id: string;
  /** Where it is opened: the host's name, and the file there or the URL of the database. For people. */
  readonly host: string;
  readonly path: string;
  /** When the run that opened it began, in ms since the epoch by its own clock. */
  readonly sinceMs: number;
  /** Of the process on that host; null: of a version that did not say. */
  readonly pid: number | null;
}

/** Where a store is. */
export type StorePlace = Pick<GroupStore, 'host' | 'path'>;

function isDatabase(path: string): boolean {
  return /^[a-z]+:\/\//.test(path);
}

/**
 * Whether one is certainly a copy of the other: a file and a database are never the same store. Two files, or two
 * databases, may be one under two names.
 */
export function isCopyOf(one: GroupStore, other: GroupStore): boolean {
  return one.id === other.id && isDatabase(one.path) !== isDatabase(other.path);
}

/** No host, a name of this one, or a directory with a socket. */
const LOCAL_URL = /^[^/]*\/\/([^/@]*@)?(localhost|127\.[\d.]+|\[::1\]|%2F[^:/?]*)?([:/?]|$)/;

/** The URL of a database means the same on every host, unless it means the host itself. */
export function isOfAllHosts(path: string): boolean {
  return isDatabase(path) && !LOCAL_URL.test(path);
}

/** For people. */
export function describePlace({ host, path }: StorePlace): string {
  return isOfAllHosts(path) ? path : `${path} on ${host}`;
}

/** Whether `here`, what is at the other place can be opened by its path. */
export function isSameHost(place: StorePlace, here: Pick<StorePlace, 'host'>): boolean {
  return place.host === here.host || isOfAllHosts(place.path);
}

/** What a committed offset says about the store that it follows. */
export interface StoreMark extends GroupStore {
  /**
   * Where the store stood in the partition; null: it knew nothing of it. At most the committed offset: that
   * one also moves over offsets without a record, and starts behind what retention has deleted.
   */
  readonly applied: bigint | null;
}

/** An offset that a group has committed. */
export interface CommittedOffset {
  readonly offset: bigint;
  /** Null: another program has committed it, or a version before 0.2. */
  readonly mark: StoreMark | null;
}

/** A partition where the group has read further than the store. */
export interface PartitionBehind {
  readonly partition: number;
  readonly committedOffset: bigint;
  /** Where the store stands; null where it knows nothing of the partition. */
  readonly nextOffset: bigint | null;
}

/** Which store it is, and how far it has read. */
export interface StoreStand {
  readonly id: string;
  /** Of the file, absolute; or the URL of the database. */
  readonly path: string;
  /** All of the store's. */
  readonly positions: readonly StoredPosition[];
}

/** Why a store is not that of a group's offsets. `path`: of the store. */
export type OffsetsMismatch = { readonly path: string; readonly topic: string } &
  /** `used`: the store that the offsets follow. */
  (
    | { readonly code: 'OFFSETS_OF_ANOTHER_STORE'; readonly used: GroupStore }
    | { readonly code: 'OFFSETS_AHEAD_OF_STORE'; readonly behind: PartitionBehind }
  );

/** Likewise, or why it is not that of the log. */
export type StoreMismatch =
  | OffsetsMismatch
  | {
      readonly code: 'STORE_OF_ANOTHER_CLUSTER';
      readonly path: string;
      readonly storeClusterId: string;
      readonly clusterId: string;
    };

/** There is a store, and it can't be read now. */
export interface StoreNotCompared {
  readonly code: 'STORE_NOT_COMPARED';
  readonly path: string;
  readonly failure: Failure;
}
