import type { Context } from '../../context.js';
import {
  describeTopics,
  listTopics,
  type PartitionDescription,
  type TopicDescription,
} from '../../kafka/topics.js';
import { count, duration, table } from '../../output/table.js';
import { facts, wrapped } from '../../output/wrap.js';
import type { CommandResult } from '../result.js';
import { replicaNotes, replicaState, withReplicaStates, type ReplicaState } from './replicas.js';

export async function run(
  context: Context,
  _options: unknown,
  names: readonly string[],
): Promise<CommandResult> {
  const cluster = await context.cluster();
  const wanted = names.length > 0 ? [...new Set(names)] : await listTopics(cluster);
  const topics = await describeTopics(cluster, wanted);
  context.output.result({ topics: topics.map(withReplicaStates) }, () =>
    topics.map((topic) => drawTopic(context, topic)).join('\n\n'),
  );
  if (topics.length === 0) context.output.note('No topics yet: `coupons topics create`.');
  return undefined;
}

function drawTopic(context: Context, topic: TopicDescription): string {
  const { paint, columns } = context.output;
  const partitions = topic.partitions.length;
  const head = facts(
    [
      paint.bold(topic.name),
      `${String(partitions)} ${partitions === 1 ? 'partition' : 'partitions'}`,
      `replication factor ${String(topic.replicationFactor)}`,
      retention(topic),
    ],
    columns,
  );
  const set = Object.entries(topic.config).map(([name, value]) => `  ${name}=${value}`);
  const rows = table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'LEADER', align: 'right' },
      { title: 'REPLICAS', tight: 'fold' },
      { title: 'IN SYNC', tight: 'fold' },
      { title: 'START', align: 'right' },
      { title: 'END', align: 'right' },
      { title: 'RECORDS', align: 'right' },
      { title: 'STATE' },
    ],
    topic.partitions.map((partition) => [
      partition.partition,
      partition.leader ?? paint.red('none'),
      partition.replicas.join(','),
      partition.isr.join(','),
      partition.startOffset,
      partition.endOffset,
      records(partition),
      paintState(context, replicaState(partition)),
    ]),
    columns,
  );
  const notes = replicaNotes(topic).map((note) => paint.yellow(wrapped(`note: ${note}`, columns)));
  return [head, ...set, rows, ...notes].join('\n');
}

function records({ startOffset, endOffset }: PartitionDescription): string | null {
  return startOffset === null || endOffset === null ? null : count(Number(endOffset - startOffset));
}

/** By time, and by size where one is set: whichever comes first. */
function retention({ effectiveConfig }: TopicDescription): string {
  const ms = Number(effectiveConfig['retention.ms'] ?? Number.NaN);
  const bytes = Number(effectiveConfig['retention.bytes'] ?? -1);
  const time = Number.isNaN(ms) ? '-' : ms < 0 ? 'for ever' : duration(ms);
  const size = bytes < 0 ? '' : ` or ${String(bytes)} bytes a partition`;
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
