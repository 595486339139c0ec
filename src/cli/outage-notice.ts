import { withFullStop } from '../errors.js';
import type { Output } from '../output/output.js';
import { duration } from '../text/figures.js';

/** What goes on is said again after this long. */
const REPEAT_MS = 60_000;
/** Another reason is said at most this often: they may alternate. */
const CHANGE_MS = 5000;

/**
 * What a long-running command says of a failure that it outlives. On a live line or a screen it is drawn
 * after each attempt, with how long it has lasted; else it is said at once, once a minute, and when it is
 * over.
 */
export class OutageNotice {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #draw: ((text: string) => void) | null;
  #sinceMs: number | null = null;
  #saidMs = 0;
  #said = '';
  #text: string | null = null;

  /** `draw`: of a live line or a screen; null where there is none. */
  constructor(output: Output, now: () => number, draw: ((text: string) => void) | null) {
    this.#output = output;
    this.#now = now;
    this.#draw = draw;
  }

  /** The failure and for how long it has been retried; null while there is none. */
  get text(): string | null {
    return this.#text;
  }

  failed(reason: string): void {
    const nowMs = this.#now();
    this.#sinceMs ??= nowMs;
    const forMs = nowMs - this.#sinceMs;
    const since = forMs < 1000 ? '' : ` for ${duration(Math.floor(forMs / 1000) * 1000)}`;
    this.#text = `${withFullStop(reason)} Retrying${since}.`;
    if (this.#draw !== null) {
      this.#draw(this.#text);
      return;
    }
    const saidAgoMs = nowMs - this.#saidMs;
    const isChanged = reason !== this.#said;
    const isDue = this.#said === '' || saidAgoMs >= (isChanged ? CHANGE_MS : REPEAT_MS);
    if (!isDue) return;
    this.#output.warn(this.#text);
    this.#saidMs = nowMs;
    this.#said = reason;
  }

  over(): void {
    if (this.#sinceMs === null) return;
    const forMs = this.#now() - this.#sinceMs;
    if (this.#said !== '') this.#output.note(`Works again after ${duration(forMs)}.`);
    this.#sinceMs = null;
    this.#text = null;
    this.#said = '';
  }
}
