/** A console over a cluster and a store in memory, in virtual time. */
import {
  CONSUMER_GROUP,
  DLQ_TOPIC,
  REQUEST_TOPIC,
  topicsOf,
} from '../../../../src/coupon/topics.js';
import { UnreachableError } from '../../../../src/errors.js';
import type { StoreStand } from '../../../../src/ports/group-store.js';
import type { Entry, CouponStore } from '../../../../src/ports/coupon-store.js';
import type { Console } from '../../../../src/serve/console/console.js';
import {
  openConsole,
  type ConsolePorts,
  type LiveConsoleOptions,
} from '../../../../src/serve/console/live-console.js';
import type {
  ConsoleEventName,
  ConsoleEvents,
  Site,
} from '../../../../src/serve/console/wire/events.js';
import { LogSink } from '../../../support/log-sink.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';
import { MemoryStore } from '../../../support/memory/store.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

export const STORE_PATH = '/stores/coupons.db';

const SITE: Site = {
  version: '0.0.0',
  group: CONSUMER_GROUP,
  topic: REQUEST_TOPIC,
  dlqTopic: DLQ_TOPIC,
  brokers: 'broker:9092',
  store: STORE_PATH,
  context: null,
  readOnly: true,
  startedAtMs: 0,
  auditStaleAfterMs: 86_400_000,
};

/** The same object, but for these of its methods. */
export function proxied<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const own = Reflect.get(changes, name) as unknown;
      if (own !== undefined) return own;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A store that can be taken away, put back and replaced, as a file can. */
export class MemoryAccess {
  readonly name = STORE_PATH;
  /** Null: there is none. */
  store: CouponStore | null;
  opened = 0;

  constructor(store: CouponStore | null) {
    this.store = store;
  }

  open(): Promise<CouponStore> {
    this.opened += 1;
    // Closing it closes what was opened, not the store.
    const close = () => Promise.resolve();
    return Promise.resolve().then(() => proxied(this.#there(), { close }));
  }

  condition = () => Promise.resolve({ isLocked: false, writeAheadLogBytes: 0 });

  async stand(): Promise<StoreStand> {
    const store = this.#there();
    const { id } = await store.identity();
    return { id, path: STORE_PATH, positions: await store.allPositions() };
  }

  #there(): CouponStore {
    if (this.store !== null) return this.store;
    throw new UnreachableError('STORE_NOT_FOUND', `There is no store at ${STORE_PATH}.`);
  }
}

/** Whom a console sends its events. */
export class Viewer {
  readonly events: { readonly name: ConsoleEventName; readonly json: string }[] = [];
  readonly leave: () => void;

  constructor(console: Console) {
    this.leave = console.view((event) => this.events.push(event));
  }

  /** What came under this name, oldest first. */
  all<Name extends ConsoleEventName>(name: Name): readonly ConsoleEvents[Name][] {
    return this.events
      .filter((event) => event.name === name)
      .map(({ json }) => JSON.parse(json) as ConsoleEvents[Name]);
  }

  last<Name extends ConsoleEventName>(name: Name): ConsoleEvents[Name] {
    const last = this.all(name).at(-1);
    if (last === undefined) throw new Error(`No ${name} came.`);
    return last;
  }
}

export class ConsoleWorld {
  readonly clock = new VirtualClock();
  readonly cluster = new MemoryCluster([1]);
  readonly store = new MemoryStore({ clock: this.clock.now });
  readonly access = new MemoryAccess(this.store);
  readonly pasted: LiveConsoleOptions['pasted'] = (command) => `${command} --brokers broker:9092`;
  #nextOffset = 0n;

  static async new(): Promise<ConsoleWorld> {
    const world = new ConsoleWorld();
    await world.cluster.createTopics(topicsOf('local'));
    return world;
  }

  /** `ports` take the place of those of this world. */
  console(ports: Partial<ConsolePorts> = {}, options: Partial<LiveConsoleOptions> = {}): Console {
    return openConsole(
      {
        admin: this.cluster,
        reader: this.cluster,
        access: this.access,
        clock: this.clock,
        sinkOf: (topic) => Promise.resolve(new LogSink(this.cluster.log(topic), this.clock.now)),
        happened: () => Promise.resolve(),
        ...ports,
      },
      {
        site: SITE,
        storePlace: { host: 'host', path: STORE_PATH },
        advicePlace: {
          bootstrap: 'broker:9092',
          host: 'host',
          logPath: '/log',
          storeKind: 'sqlite',
        },
        pasted: this.pasted,
        auditEveryMs: null,
        ...options,
      },
    );
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.clock.run(this.clock.wait(ms));
  }

  createCampaign(couponId: number, totalQuantity: number) {
    return this.store.createCampaign(couponId, {
      name: null,
      totalQuantity,
      status: 'ACTIVE',
      validFromMs: null,
      validUntilMs: null,
    });
  }

  /** Applies requests of these users to a store, as a member would. */
  async request(
    couponId: number,
    users: readonly number[],
    store: CouponStore = this.store,
  ): Promise<void> {
    const first = this.#nextOffset;
    const entries = users.map((userId, index): Entry => ({
      kind: 'request',
      offset: first + BigInt(index),
      timestampMs: this.clock.now() - 20,
      request: { couponId, userId, eventId: `e-${String(couponId)}-${String(userId)}` },
    }));
    this.#nextOffset = first + BigInt(users.length);
    await store.applyBatch({
      source: {
        clusterId: await this.cluster.clusterId(),
        group: CONSUMER_GROUP,
        topic: REQUEST_TOPIC,
        partition: 0,
      },
      expectedOffset: first === 0n ? null : first,
      entries,
      nextOffset: this.#nextOffset,
      lastApplied: { offset: this.#nextOffset - 1n, timestampMs: this.clock.now(), checksum: 0 },
    });
  }

  append(partition: number, records: number): void {
    for (let left = records; left > 0; left -= 1) {
      this.cluster.append(REQUEST_TOPIC, partition, { timestampMs: this.clock.now() });
    }
  }

  /** As a member with this client id, that reads all partitions. */
  join(clientId: string, assigned: readonly number[] = [0, 1, 2]): void {
    const member = {
      memberId: `${clientId}-id`,
      clientId,
      host: '10.0.0.1',
      assignment: { [REQUEST_TOPIC]: assigned },
      isAssignmentReadable: true,
      subscription: [REQUEST_TOPIC],
      store: null,
    };
    const members = [member];
    this.cluster.describe(CONSUMER_GROUP, { state: 'Stable', sharesPartitions: true, members });
  }

  commit(partition: number, offset: bigint): void {
    this.cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, partition, offset);
  }
}
