import { startCoupons, type RunningCoupons } from '../command-line/cli.js';
import { temporaryDir } from '../temporary-dir.js';

/** An embedded broker in a process, `coupons broker run`: it can be killed and started again. */
export class BrokerProcess {
  readonly #dataDir = temporaryDir();
  #running: RunningCoupons | null = null;
  #address = '';

  /** "host:port", once it was started. */
  get address(): string {
    return this.#address;
  }

  /** Throws where it was not started. */
  get pid(): number {
    if (this.#running === null) throw new Error('The broker was not started.');
    return this.#running.pid;
  }

  /** The first time on a free port; after a kill on the same port and data. */
  async start(): Promise<void> {
    const port = this.#address.split(':')[1] ?? '0';
    const args = ['broker', 'run', '--port', port, '--data-dir', this.#dataDir, '-o', 'json'];
    this.#running = startCoupons(args);
    const [line] = await this.#running.waitFor(/^\{.*\}$/m);
    this.#address = (JSON.parse(line) as { readonly address: string }).address;
  }

  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Resolves when it has ended by itself. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** SIGSTOP: it hangs, with its connections open. SIGCONT: it goes on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running?.kill(signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#running?.kill(signal);
    await this.#running?.exit;
  }
}
