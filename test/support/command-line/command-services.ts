import { Services } from '../../../src/cli/services.js';
import type { GlobalOptions } from '../../../src/cli/settings/options.js';
import { OutputStream } from '../../../src/output/stream.js';
import type { Clock } from '../../../src/ports/clock.js';
import { Signals } from '../../../src/signals.js';
import { FakeStream } from './fake-stream.js';
import type { MemoryCluster } from '../memory/cluster.js';
import { VirtualClock } from '../clock/virtual.js';

const OPTIONS: GlobalOptions = {
  brokers: ['broker:9092'],
  dataDir: '/nowhere',
  store: { kind: 'sqlite', name: '/nowhere/coupons.db' },
  storePassword: null,
  sharedStorePath: null,
  format: 'table',
  timeoutMs: 10_000,
  tls: null,
  sasl: null,
  color: false,
  quiet: false,
  verbose: false,
  contextName: null,
  confirmedContext: null,
  settings: [],
  flags: {},
  sameFlags: [],
};

/** What a command works with, on a cluster in memory and in virtual time; its output is kept. */
export class CommandServices extends Services {
  readonly time = new VirtualClock();
  override readonly clock: Clock = this.time;
  readonly #cluster: MemoryCluster;
  readonly #stdout: FakeStream;
  readonly #stderr: FakeStream;

  constructor(cluster: MemoryCluster, options: Partial<GlobalOptions> = {}) {
    const [out, err] = [new FakeStream(), new FakeStream()];
    super(
      { ...OPTIONS, ...options },
      {
        signals: new Signals(() => undefined),
        stdout: new OutputStream(out, null),
        stderr: new OutputStream(err, null),
      },
    );
    this.#cluster = cluster;
    this.#stdout = out;
    this.#stderr = err;
  }

  override admin(): Promise<MemoryCluster> {
    return Promise.resolve(this.#cluster);
  }

  override reader(): Promise<MemoryCluster> {
    return Promise.resolve(this.#cluster);
  }

  override cluster(): never {
    throw new Error('The command went round its ports.');
  }

  get printed(): string {
    return this.#stdout.text;
  }

  get said(): string {
    return this.#stderr.text;
  }

  json(): unknown {
    return JSON.parse(this.#stdout.text);
  }
}
