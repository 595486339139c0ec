import type { Services } from '../services.js';
import type { KafkaCluster } from '../../kafka/client/cluster.js';
import { sampleLag } from '../../kafka/admin/lag-sample.js';
import type { KafkaLogReader } from '../../kafka/log/log-reader.js';
import { isAbove, measureLag } from '../../lag/lag.js';
import type { LagSample } from '../../ports/lag-sample.js';
import type { LagCommandOptions } from './options.js';
import { lagDocument } from './document.js';
import { drawLag } from './table.js';
import { waitUntilDrained, watchLag } from './watch.js';
import type { CommandResult } from '../result.js';

export async function run(services: Services, options: LagCommandOptions): Promise<CommandResult> {
  const cluster = await services.cluster();
  const reader = await services.reader();
  const look = () => lookOnce(services, cluster, reader, options);
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

function lookOnce(
  services: Services,
  cluster: KafkaCluster,
  reader: KafkaLogReader,
  { group, topic }: LagCommandOptions,
): Promise<LagSample> {
  return sampleLag(cluster, reader, { group, topic: topic ?? null }, services.clock.now);
}
