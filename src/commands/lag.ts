import type { Context } from '../context.js';
import type { KafkaCluster } from '../kafka/cluster.js';
import { sampleLag } from '../kafka/lag-sample.js';
import type { KafkaLogReader } from '../kafka/log-reader.js';
import { isAbove, measureLag } from '../monitor/lag.js';
import type { LagSample } from '../monitor/lag-sample.js';
import { drawLag } from './lag-table.js';
import { waitUntilDrained, watchLag } from './lag-watch.js';
import type { CommandResult } from './result.js';

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
