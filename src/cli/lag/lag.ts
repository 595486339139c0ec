import type { Services } from '../services.js';
import { isAbove, measureLag } from '../../lag/lag.js';
import { withRecentLetters } from '../../lag/recent-letters.js';
import { sampleLag } from '../../lag/sample.js';
import { withMismatch } from '../../records/store-comparison.js';
import type { LagCommandOptions } from './options.js';
import { lagDocument } from './document.js';
import { drawLag } from './table.js';
import { waitUntilDrained, watchLag } from './watch.js';
import { standOrFailure } from '../store-mismatch.js';
import type { CommandResult } from '../result.js';

export async function run(services: Services, options: LagCommandOptions): Promise<CommandResult> {
  const { group, topic = null } = options;
  const admin = await services.admin();
  const reader = await services.reader();
  const here = { place: services.storePlace(), stand: () => standOrFailure(services) };
  const look = async () => {
    const sample = await sampleLag(admin, reader, { group, topic }, services.clock.now);
    return withMismatch(await withRecentLetters(sample, admin, reader), reader, here);
  };
  if (options.watch === true) return watchLag(services, options, look, reader);
  if (options.wait === true) return waitUntilDrained(services, options, look, reader);
  const report = measureLag(await look(), { warnAbove: options.warnAbove });
  const { paint, columns } = services.output;
  services.output.result(lagDocument(report), () =>
    drawLag(report, { paint, columns, most: null }),
  );
  const { failAbove } = options;
  return failAbove !== undefined && isAbove(report, failAbove) ? 'check-failed' : undefined;
}
