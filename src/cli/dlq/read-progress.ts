import type { Output } from '../../output/output.js';
import { liveLine, type LiveLine } from '../../output/spinner.js';
import { count } from '../../text/figures.js';

/** So many are read in a moment: only beyond them it is worth a live line. */
const QUICKLY_READ = 1000;

/** How many dead letters were read, on a live line. */
export class ReadProgress {
  readonly #output: Output;
  readonly #total: number;
  readonly #lines: Promise<LiveLine>[] = [];
  #read = 0;

  constructor(output: Output, total: number) {
    this.#output = output;
    this.#total = total;
  }

  /** One more was read. */
  step(): void {
    this.#read += 1;
    if (this.#read % QUICKLY_READ !== 0) return;
    if (this.#read === QUICKLY_READ) {
      this.#lines.push(liveLine(this.#output, 'reading the dead letters'));
    }
    const text = `${count(this.#read)} of ${count(this.#total)} dead letters read`;
    void this.#lines[0]?.then((line) => {
      line.update(text);
    });
  }

  /** Takes the line away. */
  async stop(): Promise<void> {
    for (const line of this.#lines) (await line).stop();
  }
}
