/** What `serve` and `consume` expose: the names in the text that Prometheus gets. */
import { ConsumeFigures } from '../../src/serve/metrics/consume/consume-figures.js';
import { consumeMetrics } from '../../src/serve/metrics/consume/consume-metrics.js';
import { consoleMetrics } from '../../src/serve/metrics/console/console-metrics.js';
import { consoleState, SALE_MS, site } from './console-state.js';

/** The text of a consumer that has done nothing yet. */
export function consumeText(): Promise<string> {
  return consumeMetrics(new ConsumeFigures(), site.version).metrics();
}

/** The text of a console to which everything is known. */
export async function serveText(): Promise<string> {
  const scrape = consoleMetrics(
    { site, state: () => Promise.resolve(consoleState()) },
    { campaigns: 100, auditEveryMs: 600_000, nowMs: () => SALE_MS },
  );
  return (await scrape()).text;
}

/** The metrics of a text, each as its TYPE line names it. */
export function metricNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
}

/** Likewise, as queries name them: a histogram is three. */
export function sampleNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^(\w+)(?:\{.*\})? \S+$/gm)].map(([, name = '']) => name));
}
