import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CliError, InterruptedError, type Failure } from '../../errors.js';
import { startCommand, type ChildCommand, type CommandEnd } from '../child-commands.js';
import type { Services } from '../services.js';
import { startEmbedded, useCluster, type BenchBroker } from './broker.js';

/** A store and a group that nothing else uses. */
export interface Place {
  readonly dataDir: string;
  readonly group: string;
}

/**
 * Where a benchmark runs commands of ours: on an embedded broker, or on the cluster that --brokers names,
 * with stores in a directory for temporary files. It leaves nothing behind.
 */
export class BenchSite {
  readonly #running = new Set<ChildCommand>();
  readonly #groups: string[] = [];

  private constructor(
    readonly broker: BenchBroker,
    readonly directory: string,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => {
      this.#kill('SIGTERM');
    });
    process.once('exit', this.#onExit);
  }

  /** Creates the topics. Throws what useCluster throws. */
  static async open(services: Services, options: { readonly yes?: boolean }): Promise<BenchSite> {
    const signal = services.gracefulStop();
    const isNamed = services.options.flags.brokers !== undefined;
    const given = isNamed ? await useCluster(services, options) : null;
    const directory = await mkdtemp(join(tmpdir(), 'coupons-bench-'));
    const site = new BenchSite(given ?? (await startEmbedded(directory)), directory, signal);
    try {
      await site.json(directory, ['topics', 'create', '--profile', site.broker.profile]);
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  async newDataDir(name: string): Promise<string> {
    const dataDir = join(this.directory, name);
    await mkdir(dataDir);
    return dataDir;
  }

  /** A copy of the store in `template`, for a new group. */
  async newPlace(template: string): Promise<Place> {
    const group = `coupons-bench-${String(process.pid)}-${String(this.#groups.length + 1)}`;
    this.#groups.push(group);
    const dataDir = join(this.directory, group);
    await cp(template, dataDir, { recursive: true });
    return { dataDir, group };
  }

  /**
   * Runs a command on the store in `dataDir`, and gives the last line of its JSON. Throws CliError where it
   * fails, and InterruptedError after ctrl-C, which ends it.
   */
  async json<T>(dataDir: string, args: readonly string[], stdin?: Readable): Promise<T> {
    if (this.signal.aborted) throw new InterruptedError();
    const { env, flags } = this.broker;
    const command = startCommand([...args, ...flags], {
      env: { ...env, COUPONS_DATA_DIR: dataDir, COUPONS_STORE: '', COUPONS_OUTPUT: 'json' },
      ...{ stdout: 'pipe', stderr: 'ignore', detached: true },
      ...(stdin === undefined ? {} : { stdin }),
    });
    this.#running.add(command);
    const end = await command.ended;
    this.#running.delete(command);
    if (this.#isInterrupted()) throw new InterruptedError();
    return lastDocument(args, end) as T;
  }

  async close(): Promise<void> {
    this.#kill('SIGTERM');
    await Promise.all([...this.#running].map(({ ended }) => ended));
    await this.broker.close(this.#groups);
    await rm(this.directory, { recursive: true, force: true });
    process.off('exit', this.#onExit);
  }

  #isInterrupted(): boolean {
    return this.signal.aborted;
  }

  #kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    for (const { kill } of this.#running) kill(signal);
  }

  /** A second ctrl-C ends the process without a close. */
  readonly #onExit = (): void => {
    this.#kill('SIGKILL');
    this.broker.kill();
    rmSync(this.directory, { recursive: true, force: true });
  };
}

/** A failed check (3) is a finding. */
function lastDocument(args: readonly string[], { code, output }: CommandEnd): unknown {
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  const document: unknown = lastLine === '' ? {} : JSON.parse(lastLine);
  if (code === 0 || code === 3) return document;
  const failure = (document as { readonly error?: Failure }).error;
  throw new CliError(
    failure?.code ?? 'BENCH_FAILED',
    `\`coupons ${args.join(' ')}\` ended with exit code ${String(code)}: ${failure?.message ?? 'it said nothing.'}`,
    failure?.hint ?? null,
  );
}
