import type { Context } from '../services.js';
import type { KafkaCluster } from '../../kafka/client/cluster.js';
import { sampleLag } from '../../kafka/admin/lag-sample.js';
import type { KafkaLogReader } from '../../kafka/log/log-reader.js';
import { isAbove, measureLag } from '../../lag/lag.js';
import type { LagSample } from '../../ports/lag-sample.js';
import { drawLag } from './table.js';
import { waitUntilDrained, watchLag } from './watch.js';
import type { CommandResult } from '../result.js';

export interface LagCommandOptions {
  readonly group: string;
  readonly topic?: string;
  readonly warnAbove: number;
  readonly failAbove?: number;
  readonly watch?: boolean;
  readonly wait?: boolean;
  /** In seconds. */
  readonly interval: number;
}

export async function run(context: Context, options: LagCommandOptions): Promise<CommandResult> {
  const cluster = await context.cluster();
  const reader = await context.reader();
  const look = () => lookOnce(context, cluster, reader, options);
  if (options.watch === true) return watchLag(context, options, look);
  if (options.wait === true) return waitUntilDrained(context, options, look);
  const report = measureLag(await look(), { warnAbove: options.warnAbove });
  const { paint, columns } = context.output;
  context.output.result(report, () => drawLag(report, { paint, columns, most: null }));
  const { failAbove } = options;
  return failAbove !== undefined && isAbove(report, failAbove) ? 'check-failed' : undefined;
}

function lookOnce(
  context: Context,
  cluster: KafkaCluster,
  reader: KafkaLogReader,
  { group, topic }: LagCommandOptions,
): Promise<LagSample> {
  return sampleLag(cluster, reader, { group, topic: topic ?? null }, context.clock.now);
}
