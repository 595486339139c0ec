import { withFullStop } from '../errors.js';
import type { Output } from '../output/output.js';
import { duration, wholeSeconds } from '../text/figures.js';

/** What goes on is said again after this long. */
const REPEAT_MS = 60_000;
/** Another reason is said at most this often: they may alternate. */
const CHANGE_MS = 5000;

/** How an outage is worded. `since`: how long it has lasted; null in its first second. */
export interface OutageWording {
  /** For a line that is cut at the end. */
  readonly drawn: (reason: string, since: string | null) => string;
  readonly said: (reason: string, since: string | null) => string;
}

const RETRYING: OutageWording = {
  drawn: (reason, since) => `retrying${since === null ? '' : ` for ${since}`}: ${reason}`,
  said: (reason, since) =>
    `${withFullStop(reason)} Retrying${since === null ? '' : ` for ${since}`}.`,
};

/**
 * What a long-running command says of a failure that it outlives. On a live line or a screen it is drawn
 * after each attempt, with how long it has lasted; else it is said at once, once a minute, and when it is
 * over.
 */
export class OutageNotice {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #draw: ((text: string) => void) | null;
  readonly #wording: OutageWording;
  #sinceMs: number | null = null;
  #saidMs = 0;
  #said: string | null = null;
  #text: string | null = null;

  /** `draw`: of a live line or a screen; null where there is none. */
  constructor(
    output: Output,
    now: () => number,
    draw: ((text: string) => void) | null,
    wording: OutageWording = RETRYING,
  ) {
    this.#output = output;
    this.#now = now;
    this.#draw = draw;
    this.#wording = wording;
  }

  /** What is drawn; null while nothing fails. */
  get text(): string | null {
    return this.#text;
  }

  failed(reason: string): void {
    const nowMs = this.#now();
    this.#sinceMs ??= nowMs;
    const since = lasted(nowMs - this.#sinceMs);
    if (this.#draw !== null) {
      this.#text = this.#wording.drawn(reason, since);
      this.#draw(this.#text);
      return;
    }
    const repeatMs = reason === this.#said ? REPEAT_MS : CHANGE_MS;
    if (this.#said !== null && nowMs - this.#saidMs < repeatMs) return;
    this.#output.warn(this.#wording.said(reason, since));
    this.#saidMs = nowMs;
    this.#said = reason;
  }

  over(): void {
    if (this.#sinceMs === null) return;
    const forMs = this.#now() - this.#sinceMs;
    if (this.#said !== null) this.#output.note(`It works again after ${duration(forMs)}.`);
    this.#sinceMs = null;
    this.#text = null;
    this.#said = null;
  }
}

function lasted(ms: number): string | null {
  return ms < 1000 ? null : wholeSeconds(ms);
}
