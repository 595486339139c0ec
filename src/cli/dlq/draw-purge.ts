/** What `dlq purge` shows of its plan. */
import { DLQ_TOPIC } from '../../coupon/topics.js';
import type { PartitionPurge, TimedPartitionPurge } from '../../dead-letters/purge.js';
import type { KeptLetters, NamedLetters } from '../../dead-letters/purge-by-time.js';
import type { CliError } from '../../errors.js';
import { isoTime } from '../../output/output.js';
import { utcTime } from '../../text/times.js';
import { table } from '../../output/table.js';
import { count } from '../../text/figures.js';

/** `undated` and `kept` are there where the limit is a time. */
type PlannedPartition = PartitionPurge & Partial<Pick<TimedPartitionPurge, 'undated' | 'kept'>>;

export interface Planned {
  readonly partitions: readonly PlannedPartition[];
  /** Letters that go. */
  readonly selected: number;
  /** Of those, the ones that were never replayed; null where no store says. */
  readonly waiting: number | null;
}

/** docs/dead-letters.md, "Purge". */
export function purgeJson(
  { partitions, selected, waiting }: Planned,
  deleted: number,
  dryRun: boolean,
) {
  return {
    topic: DLQ_TOPIC,
    selected,
    deleted,
    dryRun,
    waiting,
    partitions: partitions.map(({ undated, kept, ...partition }) => ({
      partition: partition.partition,
      startOffset: partition.startOffset,
      beforeOffset: partition.beforeOffset,
      endOffset: partition.endOffset,
      selected: partition.letters,
      undated: undated?.count ?? null,
      undatedOffsets: undated?.offsets ?? null,
      kept: kept == null ? null : keptJson(kept),
    })),
  };
}

function keptJson({ due, endOffset, behind }: KeptLetters) {
  const { offset, timestampMs } = behind;
  return { due, endOffset, behind: { offset, timestamp: isoTime(timestampMs) } };
}

export function drawPurge({ partitions }: Planned, isPreview: boolean): string {
  return table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'FROM', align: 'right' },
      { title: 'BEFORE', align: 'right' },
      { title: 'END', align: 'right' },
      { title: isPreview ? 'WOULD DELETE' : 'DELETED', align: 'right' },
    ],
    partitions.map(({ partition, startOffset, beforeOffset, endOffset, letters }) => [
      partition,
      startOffset,
      beforeOffset,
      endOffset,
      count(letters),
    ]),
  );
}

/** What the table does not say, in sentences. `failure`: why it is not known which letters were replayed. */
export function purgeNotes(
  { partitions, selected, waiting }: Planned,
  failure: CliError | null,
): readonly string[] {
  return [
    ...partitions.flatMap(({ partition, undated }) =>
      undated === undefined || undated.count === 0 ? [] : [undatedNote(partition, undated)],
    ),
    ...partitions.flatMap(({ partition, kept }) =>
      kept == null ? [] : [keptNote(partition, kept)],
    ),
    ...(selected === 0 ? [] : waitingNotes(waiting, failure)),
  ];
}

function undatedNote(partition: number, { count: letters, offsets }: NamedLetters): string {
  const named = offsets.map((offset) => `${String(partition)}:${offset.toString()}`).join(', ');
  const others = letters - offsets.length;
  const more = others === 0 ? '' : ` and ${count(others)} more`;
  return `note: ${count(letters)} of them have no usable time, and older ones are behind them: ${named}${more}. No filter by time finds these.`;
}

function keptNote(partition: number, { due, endOffset, behind }: KeptLetters): string {
  const at = `${String(partition)}:${behind.offset.toString()}`;
  return `note: ${count(due)} letters before that time stay, because ${at} in front of them is younger (${utcTime(behind.timestampMs)}) and Kafka deletes only from the start of a partition. \`coupons dlq purge --before ${String(partition)}:${endOffset.toString()}\` deletes them and all letters in front.`;
}

function waitingNotes(waiting: number | null, failure: CliError | null): readonly string[] {
  if (failure !== null)
    return [`note: Which of them were replayed is not known. ${failure.message}`];
  if (waiting === null || waiting === 0) return ['note: All of them were replayed.'];
  return [`note: ${count(waiting)} of them were never replayed.`];
}
