import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import {
  planPurge,
  purgesUnread,
  type PartitionPurge,
  type PurgeLimit,
} from '../../dead-letters/purge.js';
import { assertPartition } from '../../dead-letters/find-letter.js';
import { table } from '../../output/table.js';
import type { PartitionBounds } from '../../ports/log.js';
import type { CommandResult } from '../result.js';
import { openTransactionsIn } from './letters.js';

interface Options {
  readonly before: PurgeLimit;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { before, dryRun = false } = options;
  const reader = await services.reader();
  const bounds = await reader.bounds(DLQ_TOPIC);
  const plan = planPurge(bounds, await limitsOf(services, before, bounds));
  const selected = plan.reduce((sum, { letters }) => sum + letters, 0);
  const openTransactions = openTransactionsIn(services, bounds);
  const isRefused = !dryRun && purgesUnread(plan).length > 0;
  const deletes = !dryRun && !isRefused && selected > 0;
  if (deletes) {
    if (options.yes !== true) services.output.talk(draw(plan, true));
    services.output.warn(
      `${count(selected)} dead letters go for good, and an audit can't look them up any more.`,
    );
    const question = `Delete ${count(selected)} dead letters of ${DLQ_TOPIC}`;
    await services.confirm(question, { topics: [DLQ_TOPIC] }, options);
    const admin = await services.admin();
    await admin.deleteRecords(
      DLQ_TOPIC,
      plan.filter(({ letters }) => letters > 0),
    );
  }
  const document = {
    topic: DLQ_TOPIC,
    selected,
    deleted: deletes ? selected : 0,
    dryRun,
    openTransactions,
    partitions: plan.map(({ partition, startOffset, beforeOffset, endOffset, letters }) => ({
      ...{ partition, startOffset, beforeOffset, endOffset, selected: letters },
    })),
  };
  services.output.result(document, () => draw(plan, dryRun || isRefused));
  if (selected === 0) services.output.note('There is nothing to delete.');
  if (isRefused) services.output.talk(REFUSED);
  return isRefused ? 'check-failed' : undefined;
}

const REFUSED =
  'Nothing was deleted: some of these dead letters wait behind an open transaction, so that they were never read. Wait for its end, or give a --before that is not beyond its offset.';

/** The wanted offset by partition. */
async function limitsOf(
  services: Services,
  before: PurgeLimit,
  bounds: readonly PartitionBounds[],
): Promise<ReadonlyMap<number, bigint>> {
  if (before.kind === 'time') {
    const admin = await services.admin();
    return admin.offsetsAtTime(DLQ_TOPIC, before.timeMs);
  }
  const { partition, offset } = before;
  if (partition === null) return new Map(bounds.map((bound) => [bound.partition, offset]));
  assertPartition(partition, bounds);
  return new Map([[partition, offset]]);
}

function draw(plan: readonly PartitionPurge[], dryRun: boolean): string {
  return table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'FROM', align: 'right' },
      { title: 'BEFORE', align: 'right' },
      { title: 'END', align: 'right' },
      { title: dryRun ? 'WOULD DELETE' : 'DELETED', align: 'right' },
    ],
    plan.map(({ partition, startOffset, beforeOffset, endOffset, letters }) => [
      partition,
      startOffset,
      beforeOffset,
      endOffset,
      count(letters),
    ]),
  );
}
