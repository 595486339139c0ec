/** What `serve` and `consume` expose, as Prometheus gets it. */
import { ConsumeFigures } from '../../src/serve/metrics/consume/consume-figures.js';
import { consumeMetrics } from '../../src/serve/metrics/consume/consume-metrics.js';
import { consoleMetrics } from '../../src/serve/metrics/console/console-metrics.js';
import { consoleState, SALE_MS, site } from './console/console-state.js';
import { scraped, type Scraped } from './scraped.js';

/** Of a consumer that has done nothing yet. */
export async function consumeScrape(): Promise<Scraped> {
  return scraped(await consumeMetrics(new ConsumeFigures(), site.version).metrics());
}

/** Of a console to which everything is known. */
export async function serveScrape(): Promise<Scraped> {
  const scrape = consoleMetrics(
    { site, state: () => Promise.resolve(consoleState()) },
    { campaigns: 100, auditEveryMs: 600_000, nowMs: () => SALE_MS },
  );
  return scraped((await scrape()).text);
}
