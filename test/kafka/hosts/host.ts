import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunningCoupons } from '../../support/cli.js';
import { Operator } from '../../support/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** What a machine of its own would share with no other: a data directory, and the consumer that runs there. */
export class Host {
  readonly #dataDir = temporaryDir();
  readonly #operator: Operator;
  #consumer: RunningCoupons | null = null;

  /** `environment`: of the brokers and the store. */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#operator = new Operator(() => ({ ...environment, COUPONS_DATA_DIR: this.#dataDir }));
  }

  startConsumer(): void {
    const members = ['--concurrency', '2', '--progress', 'none'];
    this.#consumer = this.#operator.start(['consume', '--mode', 'batch', ...members]);
  }

  /** kill -9. Fails where the consumer had ended by itself. */
  async killConsumer(): Promise<void> {
    await this.#end('SIGKILL', { code: null, signal: 'SIGKILL' });
  }

  async stopConsumer(): Promise<void> {
    await this.#end('SIGINT', { code: 0, signal: null });
  }

  /** How often members of its consumers were given partitions. */
  get assignments(): number {
    const log = readFileSync(join(this.#dataDir, 'logs', 'application.log'), 'utf8');
    return log.match(/took partition/g)?.length ?? 0;
  }

  async #end(signal: NodeJS.Signals, expected: object): Promise<void> {
    const consumer = this.#consumer;
    if (consumer === null) throw new Error('No consumer was started on this host.');
    consumer.kill(signal);
    expect(await consumer.exit, consumer.stderr).toEqual(expected);
  }
}
