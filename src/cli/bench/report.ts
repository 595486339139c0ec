import type { BenchRow } from '../../bench/row.js';
import type { Spread } from '../../bench/spread.js';
import { byteSize } from '../../text/byte-size.js';
import { count, counted, duration } from '../../text/figures.js';
import type { Environment } from './environment.js';

/** docs/contract.md, "bench". */
export interface BenchReport {
  readonly environment: Environment & {
    /** "embedded", or what --brokers says. */
    readonly broker: string;
    /** "sqlite", or the URL of a PostgreSQL server. */
    readonly store: string;
    readonly members: number;
    readonly latencyRequestsPerSecond: number;
  };
  readonly rows: readonly BenchRow[];
}

/** "2 × AMD EPYC, 24 GiB, Linux 6.1; Node.js 20.20.2, SQLite 3.50.2, coupons 0.1.0" */
export function machineLine({ environment }: BenchReport): string {
  const { processors, processor, memoryBytes, system, node, sqlite, coupons } = environment;
  const machine = `${String(processors)} × ${processor}, ${byteSize(memoryBytes)}, ${system}`;
  return `${machine}; Node.js ${node}, SQLite ${sqlite}, coupons ${coupons}`;
}

export function brokerLine({ environment }: BenchReport): string {
  const { broker, store, members, syncedAppendsPerSecond } = environment;
  const where = broker === 'embedded' ? 'an embedded broker' : `the cluster at ${broker}`;
  const stores = store === 'sqlite' ? '' : `, stores on ${store}`;
  return `${String(members)} members on ${where}${stores}; the disk syncs ${count(syncedAppendsPerSecond)} appends of 4 KiB a second`;
}

/** What the figures are, where the table can't say it. */
export function remarks({ environment, rows }: BenchReport): readonly string[] {
  const runs = Math.max(...rows.map((row) => row.runs));
  const rate = String(environment.latencyRequestsPerSecond);
  const scheduler = rows.find(({ mode }) => mode === 'scheduler');
  return [
    `Medians of ${counted(runs, 'run')}. Latency: from a record's timestamp to its commit, at ${rate} requests a second.`,
    ...(scheduler === undefined
      ? []
      : [
          `scheduler: one run of ${count(scheduler.requests)} requests in ${duration(scheduler.elapsedMs)}, for it takes 100 every 5 s; what 10,000 take is computed from that.`,
        ]),
  ];
}

/** "8 min 15 s", with a tilde where it was computed and not measured. */
export function tenThousand({ tenThousandMs, extrapolated }: BenchRow): string {
  return `${extrapolated ? '~' : ''}${duration(tenThousandMs)}`;
}

/** "2,608–3,183" */
export function range({ min, max }: Spread, shown: (figure: number) => string): string {
  return `${shown(min)}–${shown(max)}`;
}

/** A rate without its unit. */
export function rateText(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : count(perSecond);
}

export function latencyText(ms: number | null): string {
  return ms === null ? '-' : duration(ms);
}
