/** consume() on twins in memory and virtual time, as tests of the pipeline need it. */
import { CONSUMER_GROUP, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import { consume, type ConsumeOptions, type ConsumePorts } from '../../src/consume/consume.js';
import type { ConsumeEvent } from '../../src/consume/events.js';
import type { GroupStore } from '../../src/ports/group-store.js';
import type { GroupMember } from '../../src/ports/group-member.js';
import type { RunSummary } from '../../src/consume/statistics.js';
import { FaultyStore, type Faults } from './stores/faulty-store.js';
import { MemoryGroup, type MemoryGroupOptions } from './memory/group.js';
import { MemoryLog } from './memory/log.js';
import { MemorySink } from './memory/sink.js';
import { request } from './requests.js';
import { VirtualClock } from './clock/virtual.js';
import { contentsOf } from './stores/store-contents.js';

export interface WorldOptions {
  readonly partitions?: number;
  readonly stock?: number;
  readonly faults?: (clock: VirtualClock) => Faults;
  readonly group?: Omit<MemoryGroupOptions, 'log' | 'clock'>;
  /** What else happens between two transactions of a member takes this long. */
  readonly turnMs?: number;
}

export const COUPON = 1;

/** A log, a group, a DLQ and a store with one campaign. */
export interface World {
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly group: MemoryGroup;
  readonly deadLetters: MemorySink;
  readonly store: FaultyStore;
  /** As the group is told of it. */
  readonly groupStore: GroupStore;
  readonly turnMs: number;
}

export async function newWorld(options: WorldOptions = {}): Promise<World> {
  const clock = new VirtualClock();
  const log = new MemoryLog(options.partitions ?? 1);
  const group = new MemoryGroup({ log, clock, ...options.group });
  const store = new FaultyStore(clock, options.faults?.(clock));
  await store.createCampaign(COUPON, {
    name: null,
    totalQuantity: options.stock ?? 100,
    status: 'ACTIVE',
    validFromMs: null,
    validUntilMs: null,
  });
  const { id } = await store.identity();
  const groupStore = { id, host: 'host', path: '/data/coupons.db', sinceMs: clock.now(), pid: 7 };
  const turnMs = options.turnMs ?? 0;
  return { clock, log, group, deadLetters: new MemorySink(), store, groupStore, turnMs };
}

/** Appends one request for each of these users. */
export function ask({ log, clock }: World, users: Iterable<number>, partition = 0): void {
  for (const user of users) {
    const record = request(COUPON, user, { eventId: `event of ${user}` });
    log.append(partition, { ...record, timestampMs: clock.now() });
  }
}

export interface RunOptions extends Partial<Omit<ConsumeOptions, 'source'>> {
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly ports?: Partial<ConsumePorts>;
  /** What stands between the run and its ports. */
  readonly wrap?: (ports: ConsumePorts) => ConsumePorts;
  readonly onEvent?: (event: ConsumeEvent) => void;
}

export interface StartedRun {
  readonly summary: Promise<RunSummary>;
  readonly members: readonly GroupMember[];
  /** What happened, and when. */
  readonly events: (ConsumeEvent & { readonly atMs: number })[];
}

/** Starts a run; time passes when the test lets it (`world.clock.run`). */
export function start(world: World, options: RunOptions = {}): StartedRun {
  const { clock, log, group, store, groupStore, deadLetters, turnMs } = world;
  const members = Array.from({ length: options.concurrency ?? 1 }, () => group.member(groupStore));
  const events: StartedRun['events'] = [];
  const ports: ConsumePorts = {
    store,
    reader: log,
    groupOffsets: {
      store: groupStore,
      committed: () => Promise.resolve(group.offsets()),
    },
    deadLetters,
    deadLetterMaxBytes: 1_048_588,
    members,
    groupLag: () => group.lag(),
    now: clock.now,
    wait: clock.wait,
    yieldTurn: () => (turnMs === 0 ? null : clock.wait(turnMs)),
    ...options.ports,
  };
  const summary = consume(
    options.wrap?.(ports) ?? ports,
    {
      mode: options.mode ?? 'single',
      batchSize: options.batchSize ?? 100,
      source: { clusterId: log.id, group: CONSUMER_GROUP, topic: REQUEST_TOPIC },
      untilDrained: options.untilDrained ?? false,
      maxRecords: options.maxRecords ?? null,
    },
    (event) => {
      events.push({ ...event, atMs: clock.now() });
      options.onEvent?.(event);
    },
    options.signal ?? new AbortController().signal,
  );
  return { summary, members, events };
}

/** Runs until the group is drained. */
export async function drain(
  world: World,
  options: RunOptions = {},
): Promise<StartedRun & { readonly result: RunSummary }> {
  const run = start(world, { untilDrained: true, ...options });
  return { ...run, result: await world.clock.run(run.summary) };
}

/** Who holds a coupon, in the order of issuing. */
export async function winners({ store }: World): Promise<readonly number[]> {
  const { issued } = await contentsOf(store);
  return issued.map(({ userId }) => userId);
}

/** Of one kind only. */
export function only<Kind extends ConsumeEvent['kind']>(
  events: StartedRun['events'],
  kind: Kind,
): readonly (Extract<ConsumeEvent, { kind: Kind }> & { readonly atMs: number })[] {
  return events.filter(
    (event): event is Extract<ConsumeEvent, { kind: Kind }> & { readonly atMs: number } =>
      event.kind === kind,
  );
}

/** The value of every dead letter. */
export function letters({ deadLetters }: World): readonly Letter[] {
  return deadLetters.records.map(({ value }) => JSON.parse(String(value)) as Letter);
}

export interface Letter {
  readonly originalEvent: unknown;
  readonly failureReason: string;
  readonly retryCount: number;
  readonly lastAttemptAt: string;
  readonly stackTrace: string;
}
