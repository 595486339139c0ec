import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '../services.js';
import { CliError, InterruptedError } from '../../errors.js';
import { wrappedCommand } from '../../output/wrap.js';
import { count, duration } from '../../text/figures.js';
import { shellWord } from '../../text/shell-word.js';
import { privateEnvironment, runCommand } from '../temporary/child-commands.js';
import type { CommandResult } from '../result.js';
import { openDemoStore, type DemoStore } from './demo-store.js';

interface Options {
  readonly requests: number;
  readonly stock: number;
  readonly keep?: boolean;
}

const COUPON = '1';
const DUPLICATES_PERCENT = 5;
const POISON_PERCENT = 1;

/** The story, step by step: each is a command that a user would type, run as a process of its own. */
export async function run(services: Services, options: Options): Promise<CommandResult> {
  const startedMs = services.clock.now();
  const stage = await Stage.open(services, options);
  try {
    await play(stage, options);
    const checks = await examine(stage, options);
    report(services, checks, services.clock.now() - startedMs);
    if (options.keep === true) stage.tellHowToGoOn();
    return checks.every(({ passed }) => passed) ? undefined : 'check-failed';
  } finally {
    if (options.keep !== true) await stage.close();
  }
}

async function play(stage: Stage, { requests, stock }: Options): Promise<void> {
  stage.tell('A broker, embedded: nothing to install.');
  await stage.show('broker', 'start', '--port', '0');
  await stage.findBroker();
  stage.introduceStore();
  stage.tell('The topics.');
  await stage.show('topics', 'create');
  stage.tell(`A campaign: ${count(stock)} coupons, first come, first served.`);
  await stage.show('campaigns', 'create', COUPON, '--stock', String(stock), '--name', 'Flash sale');
  stage.tell(
    `${count(requests)} requests; ${String(DUPLICATES_PERCENT)} % ask twice, ${String(POISON_PERCENT)} % are broken.`,
  );
  await stage.show(
    ...['produce', '--coupon', COUPON, '--count', String(requests)],
    ...['--duplicates', String(DUPLICATES_PERCENT), '--poison', String(POISON_PERCENT)],
  );
  stage.tell('The group has no member yet, so they are not consumed.');
  await stage.show('lag');
  stage.tell('Three members of the consumer group issue coupons until nothing waits.');
  await stage.show('consume', '--mode', 'batch', '--concurrency', '3', '--until-drained');
  stage.tell('All caught up.');
  await stage.show('lag');
  stage.tell('What was broken is in the dead letter queue, with its reason.');
  await stage.show('dlq', 'peek', '--max-messages', '5');
  stage.tell('The first winners.');
  await stage.show('issued', 'list', '--coupon', COUPON, '--limit', '5');
  stage.tellQuery();
  stage.tell('And the proof: every outcome derived again from the log, and compared.');
  await stage.show('audit');
}

interface Check {
  readonly name: string;
  readonly expected: string | number;
  readonly actual: string | number;
  readonly passed: boolean;
}

/** The same figures by the JSON that scripts use; issued = min(stock, distinct users). */
async function examine(stage: Stage, { requests, stock }: Options): Promise<readonly Check[]> {
  const poison = Math.round((requests * POISON_PERCENT) / 100);
  const duplicates = Math.round((requests * DUPLICATES_PERCENT) / 100);
  const campaign = await stage.ask<{ issuedQuantity: number }>('campaigns', 'show', COUPON);
  const letters = await stage.ask<{ count: number }>('dlq', 'count');
  const lag = await stage.ask<{ totalLag: number }>('lag');
  const audit = await stage.ask<{ verdict: string }>('audit');
  const check = (name: string, expected: string | number, actual: string | number): Check => ({
    name,
    expected,
    actual,
    passed: expected === actual,
  });
  return [
    check('issued', Math.min(stock, requests - poison - duplicates), campaign.issuedQuantity),
    check('dead letters', poison, letters.count),
    check('lag', 0, lag.totalLag),
    check('audit', 'PASS', audit.verdict),
  ];
}

function report(services: Services, checks: readonly Check[], elapsedMs: number): void {
  const { paint } = services.output;
  const passed = checks.every((check) => check.passed);
  const document = { verdict: passed ? 'PASS' : 'FAIL', checks, elapsedMs: Math.round(elapsedMs) };
  services.output.result(document, () => {
    const lines = checks.map(({ name, expected, actual, passed: ok }) =>
      ok
        ? `${paint.green('✔')} ${name} ${String(actual)}`
        : `${paint.red('✘')} ${name} ${String(actual)}, but ${String(expected)} was expected`,
    );
    return `\n${lines.join('\n')}\n\nThe whole story took ${duration(elapsedMs)}.`;
  });
}

/** A data dir, a store and a broker of the demo's own, and the commands run on them. */
class Stage {
  #brokers: string | null = null;

  private constructor(
    private readonly services: Services,
    private readonly dataDir: string,
    private readonly store: DemoStore,
    private readonly signal: AbortSignal,
  ) {}

  static async open(services: Services, { keep = false }: Options): Promise<Stage> {
    const signal = services.gracefulStop();
    const dataDir = await mkdtemp(join(tmpdir(), 'coupons-demo-'));
    try {
      const store = await openDemoStore(services.options, dataDir, keep);
      return new Stage(services, dataDir, store, signal);
    } catch (error) {
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  tell(line: string): void {
    const { output } = this.services;
    if (!output.isJson) output.raw(`\n${output.paint.cyan(line)}\n`);
  }

  /** Runs a command before the user's eyes. Throws CliError DEMO_FAILED where it fails. */
  async show(...args: readonly string[]): Promise<void> {
    const { output } = this.services;
    if (!output.isJson)
      output.raw(`${output.paint.bold(`$ coupons ${args.map(shellWord).join(' ')}`)}\n`);
    await this.#run(args, output.isJson ? 'ignore' : 'inherit');
  }

  /** Runs a command for its JSON. */
  async ask<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.#run([...args, '--output', 'json'], 'pipe')) as T;
  }

  /** From now on, commands talk to the broker that was started. */
  async findBroker(): Promise<void> {
    const { address } = await this.ask<{ address: string }>('broker', 'status');
    this.#brokers = address;
    this.tell('Where it is, for all that follows:');
    for (const line of this.#exports()) this.#print(line);
  }

  introduceStore(): void {
    if (this.store.introduction === null) return;
    this.tell(this.store.introduction);
    for (const line of exportsOf(this.store.env)) this.#print(line);
  }

  tellQuery(): void {
    this.tell('Other programs may read the store, too. For instance:');
    this.#print(wrappedCommand(this.store.query, this.services.output.columns));
  }

  tellHowToGoOn(): void {
    this.tell('Explore on; the broker is left running:');
    const exports = [...this.#exports(), ...exportsOf(this.store.env)];
    for (const line of [...exports, 'coupons topics describe', 'coupons broker stop']) {
      this.#print(line);
    }
  }

  async close(): Promise<void> {
    await this.#spawn(['broker', 'stop', '--quiet'], 'ignore');
    await rm(this.dataDir, { recursive: true, force: true });
    await this.store.close();
  }

  #exports(): readonly string[] {
    const brokers = this.#brokers ?? '';
    return exportsOf({ COUPONS_DATA_DIR: this.dataDir, COUPONS_BROKERS: brokers });
  }

  #print(line: string): void {
    if (!this.services.output.isJson) this.services.output.raw(`${line}\n`);
  }

  async #run(args: readonly string[], stdout: 'inherit' | 'ignore' | 'pipe'): Promise<string> {
    if (this.signal.aborted) throw new InterruptedError();
    const { code, output } = await this.#spawn(args, stdout);
    if (this.#isInterrupted()) throw new InterruptedError();
    // A failed check (3) is a finding of the demo, not the end of it.
    if (code !== 0 && code !== 3) {
      throw new CliError(
        'DEMO_FAILED',
        `\`coupons ${args.join(' ')}\` ended with exit code ${String(code)}.`,
        'Its own message stands above; run the demo with --keep to look into it.',
      );
    }
    return output;
  }

  #isInterrupted(): boolean {
    return this.signal.aborted;
  }

  #spawn(args: readonly string[], stdout: 'inherit' | 'ignore' | 'pipe') {
    const env = {
      ...privateEnvironment(this.dataDir, this.#brokers),
      ...this.store.env,
      ...this.store.secrets,
      ...(this.services.options.color ? {} : { NO_COLOR: '1' }),
    };
    return runCommand(args, { env, stdout });
  }
}

function exportsOf(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${shellWord(value)}`);
}
