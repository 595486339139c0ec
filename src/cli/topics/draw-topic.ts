import type { ChalkInstance } from 'chalk';
import { byteSize } from '../../text/byte-size.js';
import { count, counted, duration, grouped } from '../../text/figures.js';
import type { PartitionDescription, TopicDescription } from '../../ports/cluster-admin.js';
import type { SizedTopic } from '../../topics/sizes.js';
import { openTransactionsOf } from '../../ports/log.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import { table, type Column } from '../../output/table.js';
import { facts, wrapped } from '../../output/wrap.js';
import { replicaNotes, replicaState, type ReplicaState } from './replicas.js';

export interface TopicView {
  readonly paint: ChalkInstance;
  readonly columns: number;
}

/** A head line, what was set for the topic, its partitions, and what is wrong with its replicas. */
export function drawTopic(topic: SizedTopic, view: TopicView): string {
  const { paint, columns } = view;
  const head = facts(
    [
      paint.bold(topic.name),
      counted(topic.partitions.length, 'partition'),
      `replication factor ${String(topic.replicationFactor)}`,
      retention(topic),
    ],
    columns,
  );
  const set = Object.entries(topic.config ?? {}).map(([name, value]) => `  ${name}=${value}`);
  const notes = [...replicaNotes(topic), ...transactionNotes(topic)].map((note) =>
    paint.yellow(wrapped(`note: ${note}`, columns)),
  );
  return [head, ...size(topic), ...set, partitionTable(topic, view), ...notes].join('\n');
}

function transactionNotes({ name, partitions }: TopicDescription): readonly string[] {
  const known = partitions.flatMap(({ partition, endOffset, stableEndOffset }) =>
    endOffset === null || stableEndOffset === null
      ? []
      : [{ partition, endOffset, stableEndOffset }],
  );
  return openTransactionsOf(name, known).map(
    (transaction) => `${describeOpenTransaction(transaction)}: they can't be read yet.`,
  );
}

const COLUMNS: readonly Column[] = [
  { title: 'PARTITION', align: 'right' },
  { title: 'LEADER', align: 'right' },
  { title: 'REPLICAS', tight: 'fold' },
  { title: 'IN SYNC', tight: 'fold' },
  { title: 'START', align: 'right' },
  { title: 'END', align: 'right' },
  // Start and end tell it too.
  { title: 'RECORDS', align: 'right', mayGo: true },
  { title: 'SIZE', align: 'right' },
  { title: 'STATE' },
];

function partitionTable(topic: SizedTopic, { paint, columns }: TopicView): string {
  const rows = topic.partitions.map((partition) => [
    partition.partition,
    partition.leader ?? paint.red('none'),
    partition.replicas.join(','),
    partition.isr.join(','),
    grouped(partition.startOffset),
    grouped(partition.endOffset),
    records(partition),
    partition.sizeBytes === null ? null : byteSize(partition.sizeBytes),
    paintState(paint, replicaState(partition)),
  ]);
  return table(COLUMNS, rows, columns);
}

/** One line, or none where the leaders do not tell. */
function size({ sizeBytes, sizeOnDiskBytes, replicationFactor }: SizedTopic): readonly string[] {
  if (sizeBytes === null) return [];
  const hasMore = sizeOnDiskBytes !== null && replicationFactor > 1;
  const replicas = hasMore ? `, ${byteSize(sizeOnDiskBytes)} with all replicas` : '';
  return [`  size ${byteSize(sizeBytes)}${replicas}`];
}

function records({ startOffset, endOffset }: PartitionDescription): string | null {
  return startOffset === null || endOffset === null ? null : count(Number(endOffset - startOffset));
}

/** By time, and by size where one is set: whichever comes first. */
function retention({ effectiveConfig }: TopicDescription): string {
  const ms = Number(effectiveConfig?.['retention.ms'] ?? Number.NaN);
  const bytes = Number(effectiveConfig?.['retention.bytes'] ?? -1);
  const time = Number.isNaN(ms) ? '-' : ms < 0 ? 'for ever' : duration(ms);
  const size = bytes < 0 ? '' : ` or ${byteSize(bytes)} a partition`;
  return `retention ${time}${size}`;
}

function paintState(paint: ChalkInstance, state: ReplicaState): string {
  switch (state) {
    case 'in-sync':
      return '';
    case 'under-replicated':
      return paint.yellow(state);
    case 'leader-silent':
      return paint.red('leader does not answer');
    case 'offline':
      return paint.red(state);
  }
}
