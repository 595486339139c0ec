import type { Context } from '../context.js';
import { sampleLag } from '../kafka/lag-sample.js';
import { measureLag, type LagReport } from '../monitor/lag.js';
import type { LagStatus } from '../monitor/lag-status.js';
import { count, duration, table } from '../output/table.js';
import type { CommandResult } from './result.js';

interface Options {
  readonly group: string;
  readonly topic?: string;
  readonly warnAbove: number;
  readonly failAbove?: number;
}

export async function run(context: Context, options: Options): Promise<CommandResult> {
  const query = { group: options.group, topic: options.topic ?? null };
  const cluster = await context.cluster();
  const sample = await sampleLag(cluster, await context.reader(), query, context.clock.now);
  const report = measureLag(sample, { warnAbove: options.warnAbove });
  context.output.result(report, () => draw(context, report));
  const failed = options.failAbove !== undefined && report.totalLag > options.failAbove;
  return failed ? 'check-failed' : undefined;
}

function draw(context: Context, report: LagReport): string {
  const { paint } = context.output;
  const members = `${String(report.members)} ${report.members === 1 ? 'member' : 'members'}`;
  const head = [
    paint.bold(report.group),
    report.state,
    members,
    `lag ${count(report.totalLag)}`,
    paintStatus(context, report.status),
  ].join('  ');
  const rows = table(
    [
      { title: 'TOPIC' },
      { title: 'PARTITION', align: 'right' },
      { title: 'COMMITTED', align: 'right' },
      { title: 'END', align: 'right' },
      { title: 'LAG', align: 'right' },
      { title: 'WAITED', align: 'right' },
      { title: 'MEMBER' },
      { title: 'HOST' },
    ],
    report.partitions.map((partition) => [
      partition.topic,
      partition.partition,
      partition.committedOffset,
      partition.endOffset,
      partition.lag === 0 ? 0 : paint.bold(count(partition.lag)),
      partition.timeLagMs === null ? null : duration(partition.timeLagMs),
      partition.clientId,
      partition.host,
    ]),
  );
  return `${head}\n${rows}`;
}

function paintStatus(context: Context, status: LagStatus): string {
  const { paint } = context.output;
  switch (status) {
    case 'OK':
      return paint.green(status);
    case 'CAUTION':
      return paint.yellow(status);
    case 'WARNING':
    case 'STALLED':
    case 'STOPPED':
      return paint.red(status);
  }
}
