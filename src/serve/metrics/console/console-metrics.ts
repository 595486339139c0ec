import { Registry } from 'prom-client';
import type { Console, ConsoleState } from '../../console/console.js';
import type { Part } from '../../console/wire/part.js';
import { registerProcessMetrics } from '../process-metrics.js';
import { auditFigures } from './audit-figures.js';
import { campaignFigures } from './campaign-figures.js';
import { registryOf, single, type Figure } from './figure.js';
import { groupFigures } from './group-figures.js';
import { letterFigures } from './letter-figures.js';

export interface ConsoleMetricsOptions {
  /** How many campaigns have series of their own (--metrics-campaigns). */
  readonly campaigns: number;
  /** How often an audit is started (--audit-every); null: never by itself. */
  readonly auditEveryMs: number | null;
  readonly nowMs: () => number;
}

/** The answer to GET /metrics. */
export interface Scrape {
  readonly contentType: string;
  readonly text: string;
}

/** What answers the scrapes of `coupons serve`: at each, what the console knows then. docs/metrics.md lists the names. */
export function consoleMetrics(
  console: Pick<Console, 'site' | 'state'>,
  options: ConsoleMetricsOptions,
): () => Promise<Scrape> {
  const ofProcess = new Registry();
  registerProcessMetrics(ofProcess, console.site.version);
  return async () => {
    const ofConsole = registryOf(consoleFigures(await console.state(), options));
    const merged = Registry.merge([ofConsole, ofProcess]);
    return { contentType: merged.contentType, text: await merged.metrics() };
  };
}

/** A part that failed has no figures but its 0 for down: its last values say nothing about now. */
function consoleFigures(
  { group, campaigns, letters, audit, readingMs, viewers }: ConsoleState,
  { campaigns: most, auditEveryMs, nowMs }: ConsoleMetricsOptions,
): readonly Figure[] {
  return [
    single('coupons_kafka_up', 'Whether the latest reading of Kafka succeeded.', isUp(group)),
    single(
      'coupons_store_up',
      'Whether the latest reading of the store succeeded.',
      isUp(campaigns),
    ),
    ...figuresOf(group, groupFigures),
    ...figuresOf(campaigns, (data) => campaignFigures(data, most)),
    ...figuresOf(letters, letterFigures),
    ...auditFigures(audit, auditEveryMs, nowMs()),
    single(
      'coupons_reading_seconds',
      'How long the latest reading of Kafka and store took.',
      readingMs === null ? null : readingMs / 1000,
    ),
    single('coupons_viewers', 'Pages of the console that are open.', viewers),
  ];
}

function figuresOf<Data>(
  { data, failure }: Part<Data>,
  make: (data: Data) => readonly Figure[],
): readonly Figure[] {
  return data === null || failure !== null ? [] : make(data);
}

/** Null: not read yet. */
function isUp({ data, failure }: Part<unknown>): number | null {
  if (failure !== null) return 0;
  return data === null ? null : 1;
}
