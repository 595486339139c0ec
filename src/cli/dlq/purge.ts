import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { assertPartition } from '../../dead-letters/find-letter.js';
import {
  countWaiting,
  planPurge,
  planPurgeByTime,
  purgesUnread,
  type PurgeLimit,
} from '../../dead-letters/purge.js';
import { ReplayMarks } from '../../dead-letters/replay-marks.js';
import { countLetters } from '../../dead-letters/scan.js';
import type { ClusterLogReader, PartitionBounds } from '../../ports/log.js';
import { count } from '../../text/figures.js';
import { happened } from '../happened.js';
import type { CommandResult } from '../result.js';
import { drawPurge, purgeJson, purgeNotes, type Planned } from './draw-purge.js';
import { openTransactionsIn } from './letters.js';
import { ReadProgress } from './read-progress.js';
import { openReplayMemory } from './replay-memory.js';

interface Options {
  readonly before: PurgeLimit;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { dryRun = false } = options;
  const { output } = services;
  const reader = await services.reader();
  const [bounds, opened] = await Promise.all([
    reader.bounds(DLQ_TOPIC),
    openReplayMemory(services),
  ]);
  const marks = new ReplayMarks(await reader.clusterId(), opened);
  const planned = await planOf(services, { reader, bounds, marks }, options.before);
  const openTransactions = openTransactionsIn(services, bounds);
  const isRefused = !dryRun && purgesUnread(planned.partitions).length > 0;
  const deletes = !dryRun && !isRefused && planned.selected > 0;
  if (deletes && options.yes !== true) output.talk(drawPurge(planned, true));
  for (const note of purgeNotes(planned, marks.failure)) output.talk(note);
  if (deletes) await deleteLetters(services, planned, options);
  const deleted = deletes ? planned.selected : 0;
  output.result({ ...purgeJson(planned, deleted, dryRun), openTransactions }, () =>
    drawPurge(planned, dryRun || isRefused),
  );
  if (planned.selected === 0) output.note('There is nothing to delete.');
  if (isRefused) output.talk(REFUSED);
  return isRefused ? 'check-failed' : undefined;
}

const REFUSED =
  'Nothing was deleted: some of these dead letters wait behind an open transaction, so that they were never read. Wait for its end, or give a --before that is not beyond its offset.';

interface Looked {
  readonly reader: ClusterLogReader;
  readonly bounds: readonly PartitionBounds[];
  readonly marks: ReplayMarks;
}

async function planOf(
  { output }: Services,
  { reader, bounds, marks }: Looked,
  before: PurgeLimit,
): Promise<Planned> {
  const progress = new ReadProgress(output, countLetters(bounds));
  const onRead = () => {
    progress.step();
  };
  try {
    const partitions =
      before.kind === 'time'
        ? await planPurgeByTime(reader, DLQ_TOPIC, bounds, before.timeMs, onRead)
        : planPurge(bounds, limitsOf(before, bounds));
    const selected = partitions.reduce((sum, { letters }) => sum + letters, 0);
    const waiting = await countWaiting(reader, DLQ_TOPIC, partitions, marks, onRead);
    return { partitions, selected, waiting };
  } finally {
    await progress.stop();
  }
}

/** The wanted offset by partition. */
function limitsOf(
  { partition, offset }: Extract<PurgeLimit, { kind: 'offset' }>,
  bounds: readonly PartitionBounds[],
): ReadonlyMap<number, bigint> {
  if (partition === null) return new Map(bounds.map((bound) => [bound.partition, offset]));
  assertPartition(partition, bounds);
  return new Map([[partition, offset]]);
}

async function deleteLetters(
  services: Services,
  { partitions, selected }: Planned,
  options: Options,
): Promise<void> {
  services.output.warn(
    "Deleted dead letters can't be restored, and an audit can't look them up any more.",
  );
  const question = `Delete ${count(selected)} dead letters of ${DLQ_TOPIC}`;
  await services.confirm(question, { topics: [DLQ_TOPIC] }, options);
  const admin = await services.admin();
  await admin.deleteRecords(
    DLQ_TOPIC,
    partitions.filter(({ letters }) => letters > 0),
  );
  await happened(services, { kind: 'LETTERS_PURGED', topic: DLQ_TOPIC, letters: selected });
}
