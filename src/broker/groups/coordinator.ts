/** All the groups: those with members, and those that are only committed offsets. */
import type { Clock } from '../clock.js';
import { MAX_GROUP_ID_LENGTH, MAX_GROUPS } from '../limits.js';
import type { GroupOffsets } from '../storage/group-offsets.js';
import { Group } from './group.js';
import type { GroupDescription } from './member.js';

export class Coordinator {
  readonly #offsets: GroupOffsets;
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  /** Those that a member has joined since the start. */
  readonly #groups = new Map<string, Group>();

  constructor(offsets: GroupOffsets, clock: Clock, log: (message: string) => void) {
    this.#offsets = offsets;
    this.#clock = clock;
    this.#log = log;
  }

  static validId(groupId: string): boolean {
    return groupId !== '' && groupId.length <= MAX_GROUP_ID_LENGTH;
  }

  /** The group if it has had members, else undefined. */
  find(groupId: string): Group | undefined {
    return this.#groups.get(groupId);
  }

  /** The group to join, made where there is none; undefined where there are too many. */
  findOrCreate(groupId: string): Group | undefined {
    const found = this.#groups.get(groupId);
    if (found !== undefined) return found;
    if (this.#groups.size >= MAX_GROUPS) this.#forgetEmpty();
    if (this.#groups.size >= MAX_GROUPS) return undefined;
    const group = new Group(groupId, this.#clock, this.#log);
    this.#groups.set(groupId, group);
    return group;
  }

  exists(groupId: string): boolean {
    return this.#groups.has(groupId) || this.#offsets.exists(groupId);
  }

  /** Whether a group with this id may have offsets committed to it, as to the count of groups. */
  hasRoomFor(groupId: string): boolean {
    return this.exists(groupId) || this.ids().length < MAX_GROUPS;
  }

  ids(): readonly string[] {
    return [...new Set([...this.#groups.keys(), ...this.#offsets.groups()])];
  }

  describe(groupId: string): GroupDescription {
    const state = this.#offsets.exists(groupId) ? 'Empty' : 'Dead';
    const unknown = { state, protocolType: '', protocolName: '', members: [] } as const;
    return this.#groups.get(groupId)?.describe() ?? unknown;
  }

  /** Once its offsets are deleted. */
  forget(groupId: string): void {
    this.#groups.delete(groupId);
  }

  #forgetEmpty(): void {
    for (const [id, group] of this.#groups) if (group.isEmpty) this.#groups.delete(id);
  }
}
