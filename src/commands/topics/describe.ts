import { stripVTControlCharacters } from 'node:util';
import { byteSize } from '../../byte-size.js';
import type { Context } from '../../context.js';
import { withSizes, type SizedTopic } from '../../kafka/topic-sizes.js';
import {
  describeTopics,
  listTopics,
  type PartitionDescription,
  type TopicDescription,
} from '../../kafka/topics.js';
import { duration, table, type Column } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { replicaNotes, replicaState, withReplicaStates, type ReplicaState } from './replicas.js';

export async function run(
  context: Context,
  _options: unknown,
  names: readonly string[],
): Promise<CommandResult> {
  const cluster = await context.cluster();
  const wanted = names.length > 0 ? [...new Set(names)] : await listTopics(cluster);
  const topics = await withSizes(cluster, await describeTopics(cluster, wanted));
  context.output.result({ topics: topics.map(withReplicaStates) }, () =>
    topics.map((topic) => drawTopic(context, topic)).join('\n\n'),
  );
  if (topics.length === 0) context.output.note('No topics yet: `coupons topics create`.');
  return undefined;
}

function drawTopic(context: Context, topic: SizedTopic): string {
  const { paint } = context.output;
  const head = [
    paint.bold(topic.name),
    `${String(topic.partitions.length)} partitions`,
    `replication factor ${String(topic.replicationFactor)}`,
    retention(topic),
  ].join('  ');
  const set = Object.entries(topic.config).map(([name, value]) => `  ${name}=${value}`);
  const notes = replicaNotes(topic).map((note) => paint.yellow(`note: ${note}`));
  return [head, ...size(topic), ...set, partitionTable(context, topic), ...notes].join('\n');
}

const COLUMNS: readonly Column[] = [
  { title: 'PARTITION', align: 'right' },
  { title: 'LEADER', align: 'right' },
  { title: 'REPLICAS' },
  { title: 'IN SYNC' },
  { title: 'START', align: 'right' },
  { title: 'END', align: 'right' },
  { title: 'RECORDS', align: 'right' },
  { title: 'SIZE', align: 'right' },
  { title: 'STATE' },
];
/** Start and end tell it too: left out where the terminal is narrow. */
const RECORDS_COLUMN = COLUMNS.findIndex(({ title }) => title === 'RECORDS');

function partitionTable(context: Context, topic: SizedTopic): string {
  const { paint, columns } = context.output;
  const rows = topic.partitions.map((partition) => [
    partition.partition,
    partition.leader ?? paint.red('none'),
    partition.replicas.join(','),
    partition.isr.join(','),
    partition.startOffset,
    partition.endOffset,
    records(partition),
    partition.sizeBytes === null ? null : byteSize(partition.sizeBytes),
    paintState(context, replicaState(partition)),
  ]);
  const whole = table(COLUMNS, rows);
  if (widthOf(whole) <= columns) return whole;
  return table(
    COLUMNS.toSpliced(RECORDS_COLUMN, 1),
    rows.map((row) => row.toSpliced(RECORDS_COLUMN, 1)),
  );
}

function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map(({ length }) => length),
  );
}

/** One line, or none where the brokers do not tell. */
function size({ sizeBytes, sizeOnDiskBytes, replicationFactor }: SizedTopic): readonly string[] {
  if (sizeBytes === null) return [];
  const onDisk = sizeOnDiskBytes === null ? '-' : byteSize(sizeOnDiskBytes);
  const replicas = replicationFactor > 1 ? `, ${onDisk} with all replicas` : '';
  return [`  ${byteSize(sizeBytes)}${replicas}`];
}

function records({ startOffset, endOffset }: PartitionDescription): bigint | null {
  return startOffset === null || endOffset === null ? null : endOffset - startOffset;
}

/** By time, and by size where one is set: whichever comes first. */
function retention({ effectiveConfig }: TopicDescription): string {
  const ms = Number(effectiveConfig['retention.ms'] ?? Number.NaN);
  const bytes = Number(effectiveConfig['retention.bytes'] ?? -1);
  const time = Number.isNaN(ms) ? '-' : ms < 0 ? 'for ever' : duration(ms);
  const size = bytes < 0 ? '' : ` or ${byteSize(bytes)} a partition`;
  return `retention ${time}${size}`;
}

function paintState(context: Context, state: ReplicaState): string {
  const { paint } = context.output;
  switch (state) {
    case 'in-sync':
      return '';
    case 'under-replicated':
      return paint.yellow(state);
    case 'offline':
      return paint.red(state);
  }
}
