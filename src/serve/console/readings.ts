/** The parts of the page that are read, over the ports of Kafka and the store. */
import type { AdvicePlace } from '../../advice/collect.js';
import type { Clock } from '../../ports/clock.js';
import type { ClusterAdmin } from '../../ports/cluster-admin.js';
import type { StorePlace, StoreStand } from '../../ports/group-store.js';
import type { ClusterLogReader } from '../../ports/log.js';
import type { StoreAccess } from '../../ports/store-access.js';
import { AdviceReading, COMPARED_MS } from './advice/advice-reading.js';
import { CurrentSale } from './advice/current-sale.js';
import { CampaignsReading } from './campaigns/campaigns-reading.js';
import { CurrentStand } from './current-stand.js';
import { GroupReading } from './group/group-reading.js';
import { LettersReading } from './letters/letters-reading.js';
import { PartReading } from '../../readings/part-reading.js';
import type { ReadStore } from '../../readings/read-store.js';
import type { AdviceData } from './wire/advice.js';
import type { CampaignsData } from './wire/campaigns.js';
import type { GroupData } from './wire/group.js';
import type { HistoryPoint } from './wire/history.js';
import type { LettersData } from './wire/letters.js';

/** Advice reads thousands of records. */
const ADVICE_EVERY_MS = 10_000;

export interface ReadingPorts {
  readonly admin: ClusterAdmin;
  readonly reader: ClusterLogReader;
  readonly access: Pick<StoreAccess, 'open' | 'stand'>;
  readonly clock: Clock;
}

export interface ReadingOptions {
  readonly group: string;
  readonly storePlace: StorePlace;
  readonly advicePlace: AdvicePlace;
  /** Completes a command with the options that the console's user gave. */
  readonly pasted: (command: string) => string;
}

/** Reads each part by itself: one that fails or takes long does not hold up the others. */
export class Readings {
  readonly group: PartReading<GroupData>;
  readonly campaigns: PartReading<CampaignsData>;
  readonly letters: PartReading<LettersData>;
  readonly advice: PartReading<AdviceData>;
  readonly #groupReading: GroupReading;
  readonly #campaignsReading: CampaignsReading;
  readonly #adviceReading: AdviceReading;

  constructor(
    { admin, reader, clock }: Omit<ReadingPorts, 'access'>,
    { group, storePlace, advicePlace, pasted }: ReadingOptions,
    readStore: ReadStore,
    signal: AbortSignal,
  ) {
    const newStand = () => new CurrentStand(readStore, storePlace.path, clock);
    const here = { place: storePlace, stand: readerOf(newStand()) };
    const groupReading = new GroupReading({ admin, reader, group, here, clock });
    const campaignsReading = new CampaignsReading(readStore, clock);
    const lettersReading = new LettersReading({ reader, clock });
    const sale = new CurrentSale(readStore, clock, COMPARED_MS);
    const adviceReading = new AdviceReading({
      ...{ admin, reader, group: groupReading, clock, sale: () => sale.read() },
      ...{ stand: readerOf(newStand()), place: advicePlace, pasted },
    });
    this.#groupReading = groupReading;
    this.#campaignsReading = campaignsReading;
    this.#adviceReading = adviceReading;
    this.group = new PartReading(() => groupReading.read(), clock.now);
    this.campaigns = new PartReading(() => campaignsReading.read(), clock.now);
    this.letters = new PartReading(() => lettersReading.read(signal), clock.now);
    this.advice = new PartReading(() => adviceReading.read(), clock.now);
  }

  /** Reads the parts whose latest reading began so long ago, and waits for those that are being read. */
  async refresh(olderThanMs: number): Promise<void> {
    const due = [this.group, this.campaigns, this.letters].filter(
      (part) => part.isReading || part.ageMs >= olderThanMs,
    );
    await Promise.all(due.map((part) => part.refresh()));
  }

  /** Every 10 s, once the group was observed for long enough. */
  async refreshAdvice(): Promise<void> {
    const isDue = this.advice.ageMs >= ADVICE_EVERY_MS && this.#adviceReading.isDue;
    if (isDue) await this.advice.refresh();
  }

  /** How long the latest reading took, of the part that took longest. */
  get tookMs(): number | null {
    const took = [this.group, this.campaigns, this.letters].map(({ tookMs }) => tookMs);
    return took.reduce((most, ms) => (most === null || (ms ?? 0) > most ? ms : most), null);
  }

  /** Of what was read since the point before; null: nothing was. */
  takePoint(atMs: number): HistoryPoint | null {
    const group = this.#groupReading.takePoint();
    const issued = this.#campaignsReading.takeIssuedAfter();
    if (group === null && issued === null) return null;
    return {
      atMs,
      inPerSecond: group?.inPerSecond ?? null,
      outPerSecond: group?.outPerSecond ?? null,
      lag: group?.lag ?? null,
      waitedMs: group?.waitedMs ?? null,
      issuedP50Ms: issued?.p50Ms ?? null,
      issuedP99Ms: issued?.p99Ms ?? null,
    };
  }
}

function readerOf(stand: CurrentStand): () => Promise<StoreStand | null> {
  return () => stand.read();
}
