import { verdictOf } from '../../status/judge.js';
import { StatusReadings } from '../../status/status.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { statusDocument } from './document.js';
import { drawFitted } from './draw.js';
import type { StatusCommandOptions } from './options.js';
import { statusPlace } from './place.js';
import { watchStatus } from './watch.js';

export async function run(
  services: Services,
  options: StatusCommandOptions,
): Promise<CommandResult> {
  const readings = new StatusReadings(
    {
      admin: await services.admin(),
      reader: await services.reader(),
      access: await services.storeAccess(),
      clock: services.clock,
    },
    {
      group: options.group,
      storePlace: services.storePlace(),
      limitMs: services.options.timeoutMs,
    },
  );
  services.closeAtEnd(readings);
  if (options.watch === true) return watchStatus(services, options, readings);
  const report = await readings.look();
  const place = statusPlace(services, options.group);
  const { output } = services;
  output.result(statusDocument(report, place), () => {
    const rows = output.isTerminal ? process.stdout.rows : Infinity;
    return drawFitted(report, place, output, rows);
  });
  return resultOf(verdictOf(report.findings));
}

/** Exit 0 says that everything was read, and that nothing is wrong. */
function resultOf(verdict: ReturnType<typeof verdictOf>): CommandResult {
  switch (verdict) {
    case 'OK':
    case 'CAUTION':
      return undefined;
    case 'WARNING':
    case 'CRITICAL':
      return 'check-failed';
    case 'UNKNOWN':
      return 'unreachable';
  }
}
