import { EventEmitter } from 'node:events';
import type { NodeStream } from '../../../src/output/stream.js';

type Done = (error?: Error | null) => void;

/** An error as the system gives it, for `code`. */
export function systemError(code: string, errno: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: words of Node, write`), { code, errno });
}

/** A stream of the process that a test reads, holds up and breaks. */
export class FakeStream extends EventEmitter implements NodeStream {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';
  /** What every write from now on fails with. */
  error: Error | null = null;
  /** Keeps writes waiting until `release`, as a pipe whose reader is slow. */
  isHeld = false;
  #held: (() => void)[] = [];

  constructor({ isTTY = false, columns = 100 } = {}) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(data: string | Uint8Array, done: Done): boolean {
    const finish = () => {
      this.#finish(data, done);
    };
    if (!this.isHeld) finish();
    else this.#held.push(finish);
    return !this.isHeld;
  }

  release(): void {
    this.isHeld = false;
    for (const finish of this.#held.splice(0)) finish();
  }

  #finish(data: string | Uint8Array, done: Done): void {
    const { error } = this;
    if (error === null) this.text += Buffer.from(data).toString();
    done(error);
    // As Node's streams do.
    if (error !== null) this.emit('error', error);
  }
}
