/** How long a broker is waited for that is connected and says nothing, as a frozen machine's does. */
import type { Socket } from 'node:net';

/** To one broker. */
export interface Connections {
  readonly host: string;
  readonly port: number;
  readonly pool: readonly { readonly socket?: Socket | null }[];
}

/** A broker is "host:port". */
export interface Patience {
  readonly limitMs: (broker: string) => number;
  readonly onHanging: (broker: string) => void;
}

/** Breaks the connections off when nothing comes for too long: the answer is rejected with that. */
export async function unlessSilent<T>(
  { host, port, pool }: Connections,
  { limitMs, onHanging }: Patience,
  answer: Promise<T>,
): Promise<T> {
  const broker = `${host}:${String(port)}`;
  const limit = limitMs(broker);
  const bytesHeard = () => pool.reduce((sum, { socket }) => sum + (socket?.bytesRead ?? 0), 0);
  let heard = bytesHeard();
  const timer = setInterval(() => {
    const before = heard;
    heard = bytesHeard();
    // A large answer on a slow line does not hang.
    if (heard !== before) return;
    onHanging(broker);
    const hangs = new Error(`no answer from ${broker} within ${String(limit / 1000)} s`);
    for (const { socket } of pool) socket?.destroy(hangs);
  }, limit);
  try {
    return await answer;
  } finally {
    clearInterval(timer);
  }
}

/** A broker that has just hung: others wait to be asked, or to take over from it. */
const HUNG_LIMIT_MS = 1000;
/** Kafka takes about that long to see that a broker is down, and to give what it led to others. */
const STILL_HANGS_MS = 10_000;

/** Patience with all brokers, and less with one that has hung a moment ago. */
export class LearntPatience implements Patience {
  /** When each broker that hung did so last. */
  readonly #hungAtMs = new Map<string, number>();
  readonly #limitMs: number;
  readonly #now: () => number;

  constructor(limitMs: number, now: () => number = () => performance.now()) {
    this.#limitMs = limitMs;
    this.#now = now;
  }

  readonly limitMs = (broker: string): number => {
    return this.hanging().includes(broker) ? HUNG_LIMIT_MS : this.#limitMs;
  };

  readonly onHanging = (broker: string): void => {
    this.#hungAtMs.set(broker, this.#now());
  };

  /** Those that hung a moment ago. */
  hanging(): readonly string[] {
    const since = this.#now() - STILL_HANGS_MS;
    return [...this.#hungAtMs].filter(([, atMs]) => atMs > since).map(([broker]) => broker);
  }

  /** The one that hung last comes last. */
  inOrder(brokers: readonly string[]): readonly string[] {
    const hungAtMs = (broker: string) => this.#hungAtMs.get(broker) ?? 0;
    return brokers.toSorted((a, b) => hungAtMs(a) - hungAtMs(b));
  }
}
