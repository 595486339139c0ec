import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Exit, RunningCoupons } from '../../support/cli.js';
import { Operator } from '../../support/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** Exit code. */
const CANNOT_OPEN = 4;

/**
 * What a machine of its own would share with no other: a data directory, and the consumer that runs there. A consumer
 * that finds the server of the store away when it starts is started again, as by a service manager.
 */
export class Host {
  readonly #dataDir = temporaryDir();
  readonly #operator: Operator;
  #consumer: RunningCoupons | null = null;
  #fail: (error: Error) => void = () => undefined;
  /** Rejects when a consumer has ended that was not told to. */
  readonly failed = new Promise<never>((_resolve, reject) => (this.#fail = reject));

  /** `environment`: of the brokers and the store. */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#operator = new Operator(() => ({ ...environment, COUPONS_DATA_DIR: this.#dataDir }));
    // Whoever looks is told; nobody need look.
    this.failed.catch(() => undefined);
  }

  startConsumer(): void {
    const members = ['--concurrency', '2', '--progress', 'none'];
    const consumer = this.#operator.start(['consume', '--mode', 'batch', ...members]);
    this.#consumer = consumer;
    void consumer.exit.then((exit) => {
      if (this.#consumer !== consumer) return;
      if (exit.code === CANNOT_OPEN && consumer.stderr.includes('Cannot open the store')) {
        this.startConsumer();
      } else {
        this.#fail(new Error(`The consumer ended: ${JSON.stringify(exit)}\n${consumer.stderr}`));
      }
    });
  }

  /** kill -9. */
  async killConsumer(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stopConsumer(): Promise<void> {
    const { code } = await this.#end('SIGINT');
    expect(code).toBe(0);
  }

  /** How often members of its consumers were given partitions. */
  get assignments(): number {
    const log = readFileSync(join(this.#dataDir, 'logs', 'application.log'), 'utf8');
    return log.match(/took partition/g)?.length ?? 0;
  }

  async #end(signal: NodeJS.Signals): Promise<Exit> {
    const consumer = this.#consumer;
    if (consumer === null) throw new Error('No consumer was started on this host.');
    this.#consumer = null;
    consumer.kill(signal);
    return consumer.exit;
  }
}
