import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC } from '../../../../../src/coupon/topics.js';
import { deadLetterOf } from '../../../../../src/dead-letters/dead-letter.js';
import type { CouponStore, Entry } from '../../../../../src/ports/coupon-store.js';
import type { LogRecord } from '../../../../../src/ports/log.js';
import type { EventDetails } from '../../../../../src/ports/store-history.js';
import type { StoreMode } from '../../../../../src/ports/store-access.js';
import { fingerprintOf } from '../../../../../src/records/fingerprint.js';
import { requestOf } from '../../../../../src/records/request-of.js';
import { ConsoleReplay } from '../../../../../src/serve/console/replay/console-replay.js';
import type { ReplayData } from '../../../../../src/serve/console/wire/replay.js';
import { LogSink } from '../../../../support/log-sink.js';
import { MemoryCluster } from '../../../../support/memory/cluster.js';
import { MemoryStore } from '../../../../support/memory/store.js';
import { request } from '../../../../support/requests.js';
import { VirtualClock } from '../../../../support/clock/virtual.js';
import { proxied } from '../console-world.js';

interface Given {
  readonly reasonCode?: string;
  readonly value?: Buffer;
  /** Where its letter says that it came from. */
  readonly topic?: string;
}

/** A console's replays over a cluster and a store in memory, and a group that reads what they send. */
export class ReplayWorld {
  readonly clock = new VirtualClock();
  readonly kafka = new MemoryCluster();
  readonly store = new MemoryStore({ clock: this.clock.now });
  /** How the store was opened, and how often it is open now. */
  readonly modes: StoreMode[] = [];
  openStores = 0;
  readonly sinks: LogSink[] = [];
  /** See LogSink. */
  beforeSend: LogSink['beforeSend'] = () => Promise.resolve();
  /** What the console's viewers were told. */
  readonly told: ReplayData[] = [];
  /** What the store's history was told. */
  readonly events: EventDetails[] = [];
  openStore: () => CouponStore = () => this.store;
  /** Where the group goes on; null: it has read nothing. */
  #nextOffset: bigint | null = null;

  /** With a campaign 1 of this stock. */
  static async new({ stock = 5000 } = {}): Promise<ReplayWorld> {
    const world = new ReplayWorld();
    await world.createTopics();
    await world.store.createCampaign(1, {
      ...{ name: null, totalQuantity: stock, status: 'ACTIVE' },
      ...{ validFromMs: null, validUntilMs: null },
    });
    return world;
  }

  createTopics(): Promise<void> {
    const topic = { partitions: 1, replicationFactor: 1, config: {} };
    const names = [REQUEST_TOPIC, DLQ_TOPIC];
    return this.kafka.createTopics(names.map((name) => ({ name, ...topic })));
  }

  replays({ isAllowed = true } = {}): ConsoleReplay {
    const ports = {
      reader: this.kafka,
      admin: this.kafka,
      access: { open: (mode: StoreMode) => this.#open(mode) },
      sinkOf: (topic: string) => Promise.resolve(this.#sink(topic)),
      clock: this.clock,
      happened: (event: EventDetails) => {
        this.events.push(event);
        return Promise.resolve();
      },
    };
    return new ConsoleReplay(ports, {
      isAllowed,
      group: CONSUMER_GROUP,
      onChange: (data) => this.told.push(data),
    });
  }

  /** A request of coupon 1, and the letter that it became. */
  die(user: number, { reasonCode = 'PROCESSING_FAILED', value, topic }: Given = {}): void {
    const { key, value: usual } = request(1, user, { eventId: `e-${user}` });
    const record = { timestampMs: this.clock.now(), key, value: value ?? usual };
    const died = this.kafka.append(REQUEST_TOPIC, 0, record);
    const failure = { reasonCode, reason: 'it failed', retryCount: 3, stackTrace: '' };
    const origin = topic === undefined ? died : { ...died, topic };
    const letter = deadLetterOf(origin, failure, { nowMs: this.clock.now(), maxBytes: 1_000_000 });
    this.kafka.append(DLQ_TOPIC, 0, { ...letter, timestampMs: this.clock.now() });
    const at = { offset: died.offset, timestampMs: this.clock.now() };
    void this.#apply([{ kind: 'dead-letter', ...at, reasonCode, request: null }], died);
  }

  /** The group reads what was sent. */
  async consume(): Promise<void> {
    const log = this.kafka.log(REQUEST_TOPIC);
    const records = log.all().filter(({ offset }) => offset >= (this.#nextOffset ?? 0n));
    const last = records.at(-1);
    if (last === undefined) return;
    const entries = records.map((record): Entry => {
      const { offset } = record;
      const parsed = requestOf(record);
      const at = { offset, timestampMs: this.clock.now() };
      return parsed.ok
        ? { kind: 'request', ...at, request: parsed.request }
        : { kind: 'dead-letter', ...at, reasonCode: 'X', request: null };
    });
    await this.#apply(entries, last);
  }

  /** `last`: the record of the last entry. */
  async #apply(entries: readonly Entry[], last: LogRecord): Promise<void> {
    const clusterId = this.kafka.log(REQUEST_TOPIC).id;
    const expectedOffset = this.#nextOffset;
    const nextOffset = last.offset + 1n;
    this.#nextOffset = nextOffset;
    await this.store.applyBatch({
      source: { clusterId, group: CONSUMER_GROUP, topic: REQUEST_TOPIC, partition: 0 },
      ...{ expectedOffset, entries, nextOffset, lastApplied: fingerprintOf(last) },
    });
  }

  get phases(): readonly string[] {
    return this.told.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
  }

  get last(): ReplayData {
    const last = this.told.at(-1);
    if (last === undefined) throw new Error('Nothing was told.');
    return last;
  }

  /** Lets time pass, a second at a time: a look at the store takes turns of the event loop. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      await this.clock.run(this.clock.wait(Math.min(left, 1000)));
      for (let turns = 0; turns < 5; turns += 1) await new Promise((done) => setImmediate(done));
    }
  }

  #open(mode: StoreMode): Promise<CouponStore> {
    this.modes.push(mode);
    const store = this.openStore();
    this.openStores += 1;
    const close = () => {
      this.openStores -= 1;
      return Promise.resolve();
    };
    return Promise.resolve(proxied(store, { close }));
  }

  #sink(topic: string): LogSink {
    const sink = new LogSink(this.kafka.log(topic), this.clock.now);
    sink.beforeSend = (signal) => this.beforeSend(signal);
    this.sinks.push(sink);
    return sink;
  }
}
