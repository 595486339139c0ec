import {
  DecidedRequests,
  endOffsets,
  hasReadAll,
  sentRanges,
  type ReplayOutcomes,
  type SentRange,
} from '../../../dead-letters/replay/outcomes.js';
import type { SentReplay } from '../../../dead-letters/replay/run.js';
import type { Clock } from '../../../ports/clock.js';
import type { CouponStore } from '../../../ports/coupon-store.js';
import type { LogReader } from '../../../ports/log.js';
import type { StoreAccess } from '../../../ports/store-access.js';

/** While the group has not read all of it, a look takes no longer than this. */
const LOOK_MS = 100;
/** At once: the event loop has its turn between two of them. */
const LOOK_REQUESTS = 500;

export interface DecisionPorts {
  readonly reader: Pick<LogReader, 'clusterId' | 'bounds' | 'read'>;
  readonly access: Pick<StoreAccess, 'open'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What the group decides of the requests that a replay sent, look by look. */
export class Decisions {
  readonly #ports: DecisionPorts;
  readonly #sent: SentReplay;
  readonly #group: string;
  #store: CouponStore | null = null;
  #ranges: readonly SentRange[] | null = null;
  #requests: DecidedRequests | null = null;

  constructor(ports: DecisionPorts, sent: SentReplay, group: string) {
    this.#ports = ports;
    this.#sent = sent;
    this.#group = group;
  }

  sofar(): ReplayOutcomes | null {
    return this.#requests?.sofar() ?? null;
  }

  /** Whether there is nothing more to wait for. Throws CliError; the next look goes on. */
  async look(): Promise<boolean> {
    try {
      return await this.#look();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const store = this.#store;
    this.#store = null;
    await store?.close();
  }

  async #look(): Promise<boolean> {
    const { reader, access, clock } = this.#ports;
    const { requests, before, topics } = this.#sent;
    this.#store ??= await access.open('read-only');
    this.#ranges ??= sentRanges(before, await endOffsets(reader, topics));
    this.#requests ??= new DecidedRequests(requests, this.#ranges);
    const place = { clusterId: await reader.clusterId(), group: this.#group };
    const query = { store: this.#store, reader, ...place, sent: this.#ranges, requests };
    const isRead = await hasReadAll(query);
    await this.#lookUp(this.#requests, this.#store, isRead ? Infinity : clock.now() + LOOK_MS);
    return isRead || this.#requests.sofar().pending === 0;
  }

  /** Each once, unless the deadline passes before. */
  async #lookUp(requests: DecidedRequests, store: CouponStore, deadlineMs: number): Promise<void> {
    let left = requests.sofar().pending;
    while (left > 0 && this.#ports.clock.now() < deadlineMs) {
      await requests.look(store, Math.min(left, LOOK_REQUESTS));
      left -= LOOK_REQUESTS;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
