import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CliError, InterruptedError, type Failure } from '../../errors.js';
import { startCommand, type ChildCommand, type CommandEnd } from '../temporary/child-commands.js';
import type { Services } from '../services.js';
import { startEmbedded, useCluster, type BenchBroker } from './broker.js';
import {
  benchStores,
  IN_DATA_DIR,
  type BenchStores,
  type FillStore,
  type StorePlace,
} from './stores.js';

/** A store and a group that nothing else uses. */
export interface Place extends StorePlace {
  readonly group: string;
}

/**
 * Where a benchmark runs commands of ours: on an embedded broker, or on the cluster that --brokers names,
 * with stores in a directory for temporary files, or in schemas on the server that --store names. It leaves nothing
 * behind.
 */
export class BenchSite {
  readonly #running = new Set<ChildCommand>();
  readonly #groups: string[] = [];

  private constructor(
    readonly broker: BenchBroker,
    readonly stores: BenchStores,
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
    const stores = benchStores(services.options, directory);
    const broker = given ?? (await startEmbedded(directory));
    const site = new BenchSite(broker, stores, directory, signal);
    try {
      await site.json(site.ownPlace, ['topics', 'create', '--profile', site.broker.profile]);
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  /** For commands that need no store. */
  get ownPlace(): StorePlace {
    return { dataDir: this.directory, env: IN_DATA_DIR };
  }

  /** A store that was filled, for a new group. */
  async newPlace(fill: FillStore): Promise<Place> {
    const group = `coupons-bench-${String(process.pid)}-${String(this.#groups.length + 1)}`;
    this.#groups.push(group);
    const place = await this.stores.newStore(join(this.directory, group), fill);
    return { ...place, group };
  }

  /**
   * Runs a command at a place, and gives the last line of its JSON. Throws CliError where it
   * fails, and InterruptedError after ctrl-C, which ends it.
   */
  async json<T>(place: StorePlace, args: readonly string[], stdin?: Readable): Promise<T> {
    if (this.signal.aborted) throw new InterruptedError();
    const { env, flags } = this.broker;
    const command = startCommand([...args, ...flags], {
      env: { ...env, COUPONS_OUTPUT: 'json', COUPONS_DATA_DIR: place.dataDir, ...place.env },
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
    await this.stores.remove();
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
