import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { countByPartition, replayedOf } from '../../dead-letters/replay-marks.js';
import { table } from '../../output/table.js';
import { count } from '../../text/figures.js';
import type { CommandResult } from '../result.js';
import { openTransactionsIn } from './letters.js';
import { noteUnknownMarks, openReplayMemory } from './replay-memory.js';

export async function run(services: Services): Promise<CommandResult> {
  const reader = await services.reader();
  const [bounds, opened] = await Promise.all([
    reader.bounds(DLQ_TOPIC),
    openReplayMemory(services),
  ]);
  const counts = await countByPartition(DLQ_TOPIC, bounds, reader, opened.memory);
  const letters = counts.reduce((sum, each) => sum + each.letters, 0);
  const openTransactions = openTransactionsIn(services, bounds);
  if (letters > 0) noteUnknownMarks(services, opened);
  const partitions = counts.map((each) => ({
    partition: each.partition,
    ...counted(each.letters, each.replayed),
  }));
  const all = counted(letters, replayedOf(counts));
  services.output.result({ topic: DLQ_TOPIC, ...all, partitions, openTransactions }, () =>
    table(
      [
        { title: 'TOPIC' },
        { title: 'PARTITION', align: 'right' },
        { title: 'DEAD LETTERS', align: 'right' },
        { title: 'REPLAYED', align: 'right' },
        { title: 'WAITING', align: 'right' },
      ],
      partitions.map((each) => [
        DLQ_TOPIC,
        each.partition,
        count(each.count),
        each.replayed === null ? null : count(each.replayed),
        each.waiting === null ? null : count(each.waiting),
      ]),
    ),
  );
  return undefined;
}

/** `waiting`: those that were not replayed. */
function counted(letters: number, replayed: number | null) {
  return { count: letters, replayed, waiting: replayed === null ? null : letters - replayed };
}
