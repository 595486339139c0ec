import type { DeliveryLimit } from '../ports/record-sink.js';
import type { LiveLine } from '../output/spinner.js';
import type { ProduceListener, ProduceResult } from '../produce/produce.js';
import { count, duration } from '../text/figures.js';
import { OutageNotice, type OutageWording } from './outage-notice.js';
import type { Services } from './services.js';

/** Of the option --delivery-timeout. */
export function deliveryLimit(options: { readonly deliveryTimeout: number }): DeliveryLimit {
  return { ms: options.deliveryTimeout * 1000, option: '--delivery-timeout' };
}

/** How far a command that sends records is, and what it waits for. */
export class SendProgress implements ProduceListener {
  /** Null before the first send has ended. */
  latest: ProduceResult | null = null;
  readonly #line: LiveLine;
  readonly #expected: number | null;
  readonly #done: string;
  readonly #outage: OutageNotice;

  /** `done`: what has become of the records that are counted, "acknowledged". */
  constructor(services: Services, line: LiveLine, expected: number | null, done: string) {
    const { output, clock } = services;
    this.#line = line;
    this.#expected = expected;
    this.#done = done;
    const draw = output.isLive ? line.update : null;
    this.#outage = new OutageNotice(output, clock.now, draw, WAITING);
  }

  readonly onProgress = (result: ProduceResult): void => {
    this.latest = result;
    if (result.error !== null) return;
    this.#outage.over();
    const of = this.#expected === null ? '' : ` of ${count(this.#expected)}`;
    const done = `${count(result.acknowledged)}${of} ${this.#done}`;
    this.#line.update(`${done}  ${count(result.perSecond)}/s${this.#timeLeft(result)}`);
  };

  #timeLeft({ acknowledged, perSecond }: ProduceResult): string {
    if (this.#expected === null || perSecond === 0) return '';
    const seconds = Math.ceil((this.#expected - acknowledged) / perSecond);
    return `  about ${duration(seconds * 1000)} left`;
  }

  readonly onWait = (waitsFor: string): void => {
    this.#outage.failed(waitsFor);
  };
}

const WAITING: OutageWording = {
  drawn: (waitsFor, since) => `${since === null ? '' : `${since}: `}waiting for ${waitsFor}`,
  said: (waitsFor, since) => `waiting for ${waitsFor}${since === null ? '' : `, ${since}`}`,
};
