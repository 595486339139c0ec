import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import { countLetters } from '../../dead-letters/scan.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';

export async function run(services: Services): Promise<CommandResult> {
  const reader = await services.reader();
  const bounds = await reader.bounds(DLQ_TOPIC);
  const partitions = bounds.map(({ partition, startOffset, endOffset }) => ({
    partition,
    count: Number(endOffset - startOffset),
  }));
  const total = countLetters(bounds);
  services.output.result({ topic: DLQ_TOPIC, count: total, partitions }, () =>
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
