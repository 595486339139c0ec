/** A broker and a data dir of one test's own, and the commands a test of the pipeline runs on them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { coupons, startCoupons, type Run, type RunningCoupons } from './cli.js';

export const COUPON = 1;

export interface Summary {
  readonly records: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly repeated: number;
  readonly retries: number;
  readonly deadLettered: number;
}

export interface AuditReport {
  readonly verdict: 'PASS' | 'FAIL';
  readonly records: number;
  readonly requests: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly unprocessed: number;
  readonly deadLettered: number;
  readonly findings: readonly unknown[];
}

interface Letters {
  readonly total: number;
  readonly messages: readonly {
    readonly reasonCode: string;
    readonly failureReason: string;
    readonly retryCount: number;
    readonly stackTrace: string;
    readonly origin: { readonly partition: number; readonly offset: string };
  }[];
}

export class PipelineFixture {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'coupons-faults-'));
  readonly storePath = join(this.dataDir, 'coupons.db');
  readonly logPath = join(this.dataDir, 'logs', 'application.log');
  #broker: RunningCoupons | null = null;
  #address = '';

  /** Starts the embedded broker; again after a kill, on the same port and data. */
  async startBroker(): Promise<void> {
    const port = this.#address.split(':')[1] ?? '0';
    const args = ['broker', 'run', '--port', port, '--data-dir', this.dataDir, '-o', 'json'];
    this.#broker = startCoupons(args);
    const [line] = await this.#broker.waitFor(/^\{.*\}$/m);
    this.#address = (JSON.parse(line) as { readonly address: string }).address;
  }

  get brokers(): string {
    return this.#address;
  }

  /** kill -9 of the broker, and its end. */
  async killBroker(): Promise<void> {
    this.#broker?.kill('SIGKILL');
    await this.#broker?.exit;
  }

  async close(): Promise<void> {
    await this.killBroker();
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 10 });
  }

  /** The topics and one campaign. */
  async prepare(stock: number, topicOptions: readonly string[] = []): Promise<void> {
    await this.ok(['topics', 'create', ...topicOptions]);
    await this.ok(['campaigns', 'create', String(COUPON), '--stock', String(stock)]);
  }

  run(args: readonly string[]): Promise<Run> {
    return coupons([...args, ...this.#options]);
  }

  /** Runs a command that has to succeed, and gives its JSON. */
  async ok<T>(args: readonly string[]): Promise<T> {
    const run = await this.run(args);
    expect(run, args.join(' ')).toMatchObject({ code: 0 });
    return run.json<T>();
  }

  start(args: readonly string[]): RunningCoupons {
    return startCoupons([...args, ...this.#options]);
  }

  drain(args: readonly string[] = []): Promise<Summary> {
    return this.ok<Summary>(['consume', '--until-drained', ...args]);
  }

  audit(): Promise<AuditReport> {
    return this.ok<AuditReport>(['audit']);
  }

  letters(): Promise<Letters> {
    return this.ok<Letters>(['dlq', 'peek', '--max-messages', '100']);
  }

  logFile(): string {
    return readFileSync(this.logPath, 'utf8');
  }

  /** Another connection to the store. */
  database(): Database.Database {
    return new Database(this.storePath, { timeout: 10_000 });
  }

  get #options(): readonly string[] {
    return ['--brokers', this.#address, '--data-dir', this.dataDir, '--output', 'json'];
  }
}

/** How many outcomes the store has. */
export function outcomesIn(db: Database.Database): number {
  const row = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM request_outcome').get();
  return row?.n ?? 0;
}
