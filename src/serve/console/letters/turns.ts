import { InterruptedError } from '../../../errors.js';

/** Reading this many letters takes some milliseconds. */
const TURN_ITEMS = 100;

/** Gives sockets and timers their turn after every 100 items, which may all be in memory already. */
export async function* inTurns<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  let sinceTurn = 0;
  for await (const item of items) {
    if (signal.aborted) throw new InterruptedError();
    yield item;
    sinceTurn += 1;
    if (sinceTurn < TURN_ITEMS) continue;
    sinceTurn = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets only so many go on at the same time; the others wait, in the order in which they came. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Throws InterruptedError where the signal aborts before there is a place. */
  async with<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#take(signal);
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new InterruptedError();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(new InterruptedError());
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** To the one who has waited longest, if there is one. */
  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
