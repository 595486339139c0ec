/** How long to wait for a broker that accepts connections and sends nothing, as on a frozen machine. */
import type { Socket } from 'node:net';
import { inSeconds } from './seconds.js';

/** To one broker. */
export interface Connections {
  readonly host: string;
  readonly port: number;
  readonly pool: readonly { readonly socket?: Socket | null }[];
}

/** A broker is "host:port". */
export interface SilenceTimeout {
  readonly limitMs: (broker: string) => number;
  readonly onHanging: (broker: string) => void;
}

/** Closes the connections when nothing comes for too long, which rejects the answer. */
export async function unlessSilent<T>(
  { host, port, pool }: Connections,
  { limitMs, onHanging }: SilenceTimeout,
  answer: Promise<T>,
): Promise<T> {
  const broker = `${host}:${String(port)}`;
  const limit = limitMs(broker);
  const bytesHeard = () => pool.reduce((sum, { socket }) => sum + (socket?.bytesRead ?? 0), 0);
  let heard = bytesHeard();
  let isSettled = false;
  const look = () => {
    const before = heard;
    heard = bytesHeard();
    // A large answer on a slow line does not hang.
    if (isSettled || heard !== before) return;
    onHanging(broker);
    const hangs = new Error(`no answer from ${broker} within ${inSeconds(limit)}`);
    for (const { socket } of pool) socket?.destroy(hangs);
  };
  // Timers come before sockets: what came while this process was busy is read before it looks.
  const timer = setInterval(() => setImmediate(look), limit);
  try {
    return await answer;
  } finally {
    isSettled = true;
    clearInterval(timer);
  }
}

/** `lag --wait --timeout 300` must not wait 100 s before it asks another broker. */
const MAX_LIMIT_MS = 10_000;

/** A broker that is connected and silent is given up after this: time is left to ask another two. */
export function silenceLimitMs(timeoutMs: number): number {
  return Math.min(timeoutMs / 3, MAX_LIMIT_MS);
}

/** Of a broker that timed out a moment ago: others wait to be asked, or to take over from it. */
const HUNG_LIMIT_MS = 1000;
/** Kafka takes about that long to notice a dead broker and to elect others for what it led. */
const STILL_HANGS_MS = 10_000;

/**
 * The silence timeout of each broker. A broker that timed out within the last 10 s gets 1 s instead of
 * a longer limit.
 */
export class SilenceTimeouts implements SilenceTimeout {
  /** When each broker that hung did so last. */
  readonly #hungAtMs = new Map<string, number>();
  readonly #limitMs: number;
  readonly #now: () => number;

  constructor(limitMs: number, now: () => number = () => performance.now()) {
    this.#limitMs = limitMs;
    this.#now = now;
  }

  readonly limitMs = (broker: string): number => {
    const limitMs = this.#limitMs;
    return this.hanging().includes(broker) ? Math.min(HUNG_LIMIT_MS, limitMs) : limitMs;
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
