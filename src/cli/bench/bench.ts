import { Readable } from 'node:stream';
import type { BenchRow } from '../../bench/row.js';
import type { ConsumeMode } from '../../consume/consume-mode.js';
import { liveLine } from '../../output/spinner.js';
import { writeWhole } from '../../output/whole-file.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { drawBench } from './draw.js';
import { environmentOf } from './environment.js';
import { markdownOf } from './markdown.js';
import { LATENCY_PER_SECOND, Measurement, MEMBERS } from './measure.js';
import type { BenchReport } from './report.js';
import { BenchSite } from './site.js';

interface Options {
  readonly count: number;
  readonly modes: readonly ConsumeMode[];
  readonly runs: number;
  readonly latencySeconds: number;
  readonly report?: string;
  readonly yes?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const report = await measured(services, options);
  services.output.result(report, () => drawBench(services.output, report));
  if (options.report !== undefined) {
    const file = { what: 'report', option: '--report' };
    await writeWhole(options.report, Readable.from([markdownOf(report)]), file);
    services.output.note(`Wrote the report to ${options.report}.`);
  }
  return report.rows.every(passes) ? undefined : 'check-failed';
}

function passes({ audit }: BenchRow): boolean {
  return audit === 'PASS';
}

async function measured(services: Services, options: Options): Promise<BenchReport> {
  const line = await liveLine(services.output, 'starting');
  const site = await BenchSite.open(services, options).catch((error: unknown) => {
    line.stop();
    throw error;
  });
  try {
    const environment = {
      ...(await environmentOf(services, site.directory)),
      broker: site.broker.name,
      store: site.stores.name,
      members: MEMBERS,
      latencyRequestsPerSecond: LATENCY_PER_SECOND,
    };
    const measurement = new Measurement(site, options, (text) => {
      line.update(text);
    });
    return { environment, rows: await measurement.rows() };
  } finally {
    line.stop();
    await site.close();
  }
}
