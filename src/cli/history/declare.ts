import { Option, type Command } from 'commander';
import { BUCKETINGS } from '../../history/buckets.js';
import { choiceOption, instantOrAge, integerFrom } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareHistory(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('history')
      .description('what happened: outcomes by minute, changes, outages, replays')
      .addOption(
        new Option(
          '--since <time>',
          'from here on: 15m, 2h, 7d ago, or ISO 8601 (default: 1h)',
        ).argParser(instantOrAge),
      )
      .addOption(new Option('--until <time>', 'up to here (default: now)').argParser(instantOrAge))
      .addOption(choiceOption('--by <step>', 'how long a line is', BUCKETINGS).default('auto'))
      .addOption(
        new Option('--coupon <id>', 'outcomes and changes of one campaign').argParser(
          integerFrom(1),
        ),
      )
      .addOption(
        new Option('--limit <n>', 'at most this many events, the latest ones')
          .argParser(integerFrom(1))
          .default(5000),
      )
      .addOption(groupOption())
      .action(declaration.action(() => import('./history.js'))),
    [
      ['coupons history', 'the last hour, by the minute'],
      ['coupons history --since 2d --by hour', 'two days'],
      [
        'coupons history --since 2026-11-27T02:00:00Z --until 2026-11-27T02:10:00Z',
        'ten minutes of last night',
      ],
      ['coupons history --coupon 7 -o json', 'one campaign, for a script'],
    ],
  );
}
