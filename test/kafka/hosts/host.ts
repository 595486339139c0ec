import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunningCoupons } from '../../support/command-line/cli.js';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** Exit code: no broker or no store answers. */
const UNREACHABLE = 4;

/**
 * What a machine of its own would share with no other: a data directory, and the consumer that runs there. A consumer
 * that finds a broker or the store away when it starts is started again, as by a service manager.
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
      if (foundNothing(consumer, exit.code)) {
        this.startConsumer();
      } else {
        this.#fail(new Error(`The consumer ended: ${JSON.stringify(exit)}\n${consumer.stderr}`));
      }
    });
  }

  /** kill -9. */
  async killConsumer(): Promise<void> {
    await this.#end('SIGKILL').exit;
  }

  async stopConsumer(): Promise<void> {
    const consumer = this.#end('SIGINT');
    const exit = await consumer.exit;
    if (foundNothing(consumer, exit.code)) return;
    expect(exit, consumer.stderr).toEqual({ code: 0, signal: null });
  }

  /** How often members of its consumers were given partitions. */
  get assignments(): number {
    const log = readFileSync(join(this.#dataDir, 'logs', 'application.log'), 'utf8');
    return log.match(/took partition/g)?.length ?? 0;
  }

  #end(signal: NodeJS.Signals): RunningCoupons {
    const consumer = this.#consumer;
    if (consumer === null) throw new Error('No consumer was started on this host.');
    this.#consumer = null;
    consumer.kill(signal);
    return consumer;
  }
}

/** No broker or no store answered when the consumer started: it had nothing yet that could go wrong. */
function foundNothing({ stderr }: RunningCoupons, code: number | null): boolean {
  return code === UNREACHABLE && !stderr.includes('Consuming stopped');
}
