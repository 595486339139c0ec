import type { Context } from '../../context.js';
import {
  describeTopics,
  listTopics,
  type PartitionDescription,
  type TopicDescription,
} from '../../kafka/topics.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';

export async function run(
  context: Context,
  _options: unknown,
  names: readonly string[],
): Promise<CommandResult> {
  const cluster = await context.cluster();
  const wanted = names.length > 0 ? [...new Set(names)] : await listTopics(cluster);
  const topics = await describeTopics(cluster, wanted);
  context.output.result({ topics }, () =>
    topics.map((topic) => drawTopic(context, topic)).join('\n\n'),
  );
  return undefined;
}

/** How many offsets the log holds from its start to its end; null where a partition has no leader. */
export function recordsIn({ partitions }: TopicDescription): bigint | null {
  let records = 0n;
  for (const { startOffset, endOffset } of partitions) {
    if (startOffset === null || endOffset === null) return null;
    records += endOffset - startOffset;
  }
  return records;
}

function drawTopic(context: Context, topic: TopicDescription): string {
  const { paint } = context.output;
  const config = Object.entries(topic.config).map(([name, value]) => `${name}=${value}`);
  const head = [
    paint.bold(topic.name),
    `${String(topic.partitions.length)} partitions, replication factor ${String(topic.replicationFactor)}`,
    ...config,
  ].join('  ');
  const rows = table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'LEADER', align: 'right' },
      { title: 'REPLICAS' },
      { title: 'IN SYNC' },
      { title: 'START', align: 'right' },
      { title: 'END', align: 'right' },
      { title: 'RECORDS', align: 'right' },
    ],
    topic.partitions.map((partition) => [
      partition.partition,
      partition.leader ?? paint.red('none'),
      partition.replicas.join(','),
      inSync(context, partition),
      partition.startOffset,
      partition.endOffset,
      partition.startOffset === null || partition.endOffset === null
        ? null
        : partition.endOffset - partition.startOffset,
    ]),
  );
  return `${head}\n${rows}`;
}

function inSync(context: Context, { replicas, isr }: PartitionDescription): string {
  const text = isr.join(',');
  return isr.length < replicas.length ? context.output.paint.yellow(text) : text;
}
