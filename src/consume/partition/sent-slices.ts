import type { ConsumerStore } from '../../ports/coupon-store.js';
import type { OnTheWay } from './on-the-way.js';
import { applySlice, type AppliedSlice, type Slice, type SliceResult } from '../apply.js';

/** The first slice that was not applied. */
export interface EndedSlice {
  readonly slice: Slice;
  readonly result: Exclude<SliceResult, { kind: 'applied' }>;
}

/**
 * The slices of one fetched batch that were sent to the store one behind the other: a bounded number of
 * records on the way at a time. Where one is not applied, the store fences those behind it.
 */
export class SentSlices {
  readonly #store: Pick<ConsumerStore, 'applyBatch'>;
  readonly #maxRecords: number;
  readonly #onTheWay: OnTheWay;
  readonly #onApplied: (slice: AppliedSlice) => void;
  #settled: Promise<void> = Promise.resolve();
  #sent = 0;
  #inFlight = 0;
  #applied = 0;
  #ended: EndedSlice | null = null;
  #failure: { readonly thrown: unknown } | null = null;
  #settledOne: () => void = () => undefined;

  /** `onApplied` is called in the order of the slices, as soon as each is durable. */
  constructor(
    store: Pick<ConsumerStore, 'applyBatch'>,
    maxRecords: number,
    onTheWay: OnTheWay,
    onApplied: (slice: AppliedSlice) => void,
  ) {
    this.#store = store;
    this.#maxRecords = maxRecords;
    this.#onTheWay = onTheWay;
    this.#onApplied = onApplied;
  }

  /** Records, here and below. */
  get sent(): number {
    return this.#sent;
  }

  get applied(): number {
    return this.#applied;
  }

  get ended(): EndedSlice | null {
    return this.#ended;
  }

  /** Nothing is sent behind a slice that was not applied. */
  get isOver(): boolean {
    return this.#ended !== null || this.#failure !== null;
  }

  send(slice: Slice): void {
    this.#sent += slice.records.length;
    this.#inFlight += slice.records.length;
    this.#onTheWay.sent();
    this.#settled = this.#settle(slice, applySlice(this.#store, slice), this.#settled);
  }

  /** Whether so many records more may be sent; any number may where nothing is on the way. */
  hasRoom(records: number): boolean {
    return this.#inFlight === 0 || this.#inFlight + records <= this.#maxRecords;
  }

  /** Resolves when there is room. */
  async room(records: number): Promise<void> {
    while (!this.hasRoom(records)) {
      await new Promise<void>((resolve) => (this.#settledOne = resolve));
    }
  }

  /** Resolves when nothing is on the way any more. Throws what onApplied has thrown. */
  async settled(): Promise<void> {
    await this.#settled;
    if (this.#failure !== null) throw this.#failure.thrown;
  }

  /** Never rejects: what fails is thrown by settled(). */
  async #settle(slice: Slice, sent: Promise<SliceResult>, before: Promise<void>): Promise<void> {
    const result = await sent;
    await before;
    this.#inFlight -= slice.records.length;
    this.#onTheWay.settled();
    if (result.kind === 'applied') {
      this.#applied += slice.records.length;
      try {
        this.#onApplied({ ...slice, applied: result.applied });
      } catch (thrown) {
        this.#failure ??= { thrown };
      }
    } else this.#ended ??= { slice, result };
    this.#settledOne();
  }
}
