/** A broker and a data dir of one test's own, which may be killed, locked and spoilt. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import type { z } from 'zod';
import { startCoupons, type RunningCoupons } from './cli.js';
import * as contract from './contract.js';
import { Operator } from './operator.js';
import { temporaryDir } from './temporary-dir.js';

/** Its commands speak JSON. */
export class OwnPipeline extends Operator {
  readonly dataDir = temporaryDir();
  readonly storePath = join(this.dataDir, 'coupons.db');
  #broker: RunningCoupons | null = null;
  #address = '';

  constructor() {
    super(() => ({
      COUPONS_BROKERS: this.#address,
      COUPONS_DATA_DIR: this.dataDir,
      COUPONS_OUTPUT: 'json',
    }));
  }

  /** "host:port" of its broker, once it was started. */
  get brokers(): string {
    return this.#address;
  }

  /** Starts the embedded broker; again after a kill, on the same port and data. */
  async startBroker(): Promise<void> {
    const port = this.#address.split(':')[1] ?? '0';
    const args = ['broker', 'run', '--port', port, '--data-dir', this.dataDir, '-o', 'json'];
    this.#broker = startCoupons(args);
    const [line] = await this.#broker.waitFor(/^\{.*\}$/m);
    this.#address = (JSON.parse(line) as { readonly address: string }).address;
  }

  /** kill -9 of the broker, and its end. */
  async killBroker(): Promise<void> {
    this.#broker?.kill('SIGKILL');
    await this.#broker?.exit;
  }

  close(): Promise<void> {
    return this.killBroker();
  }

  /** The topics and campaign 1. */
  async prepare(stock: number): Promise<void> {
    await this.succeed('topics create');
    await this.succeed(`campaigns create 1 --stock ${stock}`);
  }

  /** Runs a command that has to succeed. */
  async succeed(command: string): Promise<void> {
    expect(await this.run(command.split(' ')), command).toMatchObject({ code: 0 });
  }

  drain(args: readonly string[] = []): Promise<z.infer<typeof contract.consumed>> {
    return this.json(contract.consumed, ['consume', '--until-drained', ...args]);
  }

  audit(): Promise<z.infer<typeof contract.audit>> {
    return this.json(contract.audit, ['audit']);
  }

  letters(): Promise<z.infer<typeof contract.dlqPeek>> {
    return this.json(contract.dlqPeek, ['dlq', 'peek', '--max-messages', '100']);
  }

  logFile(): string {
    return readFileSync(join(this.dataDir, 'logs', 'application.log'), 'utf8');
  }

  /** Another connection to the store. */
  database(): Database.Database {
    return new Database(this.storePath, { timeout: 10_000 });
  }
}

/** What `consume` has said at its end. */
export function summaryOf({ stdout }: RunningCoupons): z.infer<typeof contract.consumed> {
  return contract.consumed.parse(JSON.parse(stdout));
}

/** How many outcomes the store has. */
export function outcomesIn(db: Database.Database): number {
  const row = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM request_outcome').get();
  return row?.n ?? 0;
}
