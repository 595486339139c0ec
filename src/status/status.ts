/** One look at everything, or one after another: each part by itself, all at the same time. */
import type { Clock } from '../ports/clock.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { StorePlace } from '../ports/group-store.js';
import type { LagSample } from '../ports/lag-sample.js';
import type { ClusterLogReader } from '../ports/log.js';
import type { StoreAccess } from '../ports/store-access.js';
import { partByNow, PartReading } from '../readings/part-reading.js';
import { ReadStore } from '../readings/read-store.js';
import { readCampaigns } from './campaigns.js';
import { readCluster } from './cluster.js';
import { readEvents } from './events.js';
import type { StatusFinding } from './finding.js';
import { GroupStatusReading } from './group.js';
import { judge } from './judge.js';
import { readLetters } from './letters.js';
import { PART_NAMES, readNow, type PartName, type StatusData, type StatusParts } from './parts.js';
import { ratesOf, type GroupRates } from './rates.js';
import { byStoreOfGroup } from './replays.js';
import { readStore } from './store.js';
import { readTopics } from './topics.js';

export interface StatusPorts {
  readonly admin: ClusterAdmin;
  readonly reader: ClusterLogReader;
  readonly access: Pick<StoreAccess, 'open' | 'stand' | 'condition'>;
  readonly clock: Clock;
}

export interface StatusOptions {
  readonly group: string;
  readonly storePlace: StorePlace;
  /** What is not read within this is not known at this look; the reading goes on for the next one. */
  readonly limitMs: number;
}

export interface StatusReport {
  readonly atMs: number;
  readonly group: string;
  readonly parts: StatusParts;
  /** Null where the group was not read. */
  readonly rates: GroupRates | null;
  /** The worst first. */
  readonly findings: readonly StatusFinding[];
}

type PartReadings = { readonly [Name in PartName]: PartReading<StatusData[Name]> };

export class StatusReadings {
  readonly #ports: StatusPorts;
  readonly #options: StatusOptions;
  readonly #store: ReadStore;
  readonly #readings: PartReadings;
  readonly #group: GroupStatusReading;
  /** The look at the group that the store is compared with. */
  #sampling: Promise<LagSample> | null = null;
  #firstLookMs: number | null = null;

  constructor(ports: StatusPorts, options: StatusOptions) {
    const { admin, reader, access, clock } = ports;
    const { group, storePlace, limitMs } = options;
    this.#ports = ports;
    this.#options = options;
    this.#store = new ReadStore(access, clock);
    this.#group = new GroupStatusReading({ admin, reader, group, clock });
    const store = () => this.#store.get();
    const part = <Data>(read: () => Promise<Data>) => new PartReading(read, clock.now);
    this.#readings = {
      // Connecting may have had to pass over a broker that hangs.
      cluster: part(() => readCluster(admin, clock, limitMs / 3)),
      topics: part(() => readTopics(admin)),
      group: part(() => this.#readGroup()),
      store: part(async () => {
        const opened = await store();
        const [stand, condition] = await Promise.all([
          this.#sample().then((sample) => readStore(opened, reader, sample, storePlace)),
          access.condition(),
        ]);
        return { ...stand, ...condition };
      }),
      campaigns: part(async () => readCampaigns(await store(), clock.now())),
      letters: part(() => readLetters({ admin, reader, store, clock }, limitMs / 2)),
      events: part(async () => readEvents(await store(), clock.now())),
    };
  }

  /** Never rejects: what can't be read is a part that says so. */
  async look(): Promise<StatusReport> {
    const { clock } = this.#ports;
    const { group, limitMs } = this.#options;
    const over = new AbortController();
    const late = clock.wait(limitMs, over.signal);
    this.#firstLookMs ??= clock.now();
    const reading = PART_NAMES.map((name) => this.#readings[name].refresh());
    await Promise.race([Promise.all(reading), late]);
    over.abort();
    const atMs = clock.now();
    const parts = this.#parts();
    const rates = this.#rates(parts);
    return { atMs, group, parts, rates, findings: judge(parts, rates, atMs) };
  }

  async close(): Promise<void> {
    await this.#store.drop();
  }

  async #readGroup() {
    const reading = this.#group.read();
    this.#sampling = reading.then(({ sample }) => sample);
    this.#sampling.catch(() => undefined);
    return reading;
  }

  /** Of the reading of the group that is under way: it begins before that of the store does. */
  #sample(): Promise<LagSample> {
    return this.#sampling ?? this.#readGroup().then(({ sample }) => sample);
  }

  #parts(): StatusParts {
    const { limitMs } = this.#options;
    const { cluster, topics, group, store, campaigns, letters, events } = this.#readings;
    const storeNow = partByNow(store, limitMs);
    const mismatch = storeNow.data?.mismatch ?? null;
    const lettersNow = partByNow(letters, limitMs);
    return {
      cluster: partByNow(cluster, limitMs),
      topics: partByNow(topics, limitMs),
      group: partByNow(group, limitMs),
      store: storeNow,
      campaigns: partByNow(campaigns, limitMs),
      letters: {
        ...lettersNow,
        data: lettersNow.data && byStoreOfGroup(lettersNow.data, mismatch),
      },
      events: partByNow(events, limitMs),
    };
  }

  #rates(parts: StatusParts): GroupRates | null {
    const group = readNow(parts.group);
    if (group === null) return null;
    const store = readNow(parts.store);
    const isOfGroup = store?.mismatch === null;
    const observedMs = this.#ports.clock.now() - (this.#firstLookMs ?? Infinity);
    return ratesOf(group, isOfGroup ? readNow(parts.campaigns) : null, observedMs);
  }
}
