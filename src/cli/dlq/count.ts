import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import { countLetters } from '../../dead-letters/scan.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { openTransactionsIn } from './letters.js';

export async function run(services: Services): Promise<CommandResult> {
  const reader = await services.reader();
  const bounds = await reader.bounds(DLQ_TOPIC);
  const partitions = bounds.map(({ partition, startOffset, endOffset }) => ({
    partition,
    count: Number(endOffset - startOffset),
  }));
  const openTransactions = openTransactionsIn(services, bounds);
  const document = { topic: DLQ_TOPIC, count: countLetters(bounds), partitions, openTransactions };
  services.output.result(document, () =>
    table(
      [
        { title: 'TOPIC' },
        { title: 'PARTITION', align: 'right' },
        { title: 'DEAD LETTERS', align: 'right' },
      ],
      partitions.map((each) => [DLQ_TOPIC, each.partition, count(each.count)]),
    ),
  );
  return undefined;
}
