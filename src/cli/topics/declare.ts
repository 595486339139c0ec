import { Option, type Command } from 'commander';
import { PROFILES } from '../../coupon/topics.js';
import { choiceOption, integerFrom } from '../arguments.js';
import { dryRunOption, examples, groupOption, yesOption, type Declaration } from '../command.js';

export function declareTopics(program: Command, declaration: Declaration): void {
  const topics = program.command('topics').description('create, list, describe and alter topics');

  examples(
    topics
      .command('create')
      .description('create those of the three topics that are missing; changes no existing topic')
      .addOption(choiceOption('--profile <name>', 'settings', PROFILES).default('local'))
      .addOption(
        new Option(
          '--partitions <n>',
          "of the request and the order topic, instead of the profile's",
        ).argParser(integerFrom(1, 10_000)),
      )
      .addOption(
        new Option('--replication-factor <n>', "of all three, instead of the profile's").argParser(
          integerFrom(1, 32_767),
        ),
      )
      .addOption(dryRunOption())
      .action(declaration.action(() => import('./create.js'))),
    [
      ['coupons topics create', '3 partitions, one replica: for one machine'],
      ['coupons topics create --profile production', '6 partitions, three replicas'],
      [
        'coupons topics create --profile production --dry-run',
        'what would be done, what differs, and how to fix it',
      ],
    ],
  );

  examples(
    topics
      .command('list')
      .description('all topics of the cluster, without internal ones')
      .action(declaration.action(() => import('./list.js'))),
    [['coupons topics list', 'with partitions, replicas and records']],
  );

  examples(
    topics
      .command('describe')
      .argument('[topic...]', 'which ones; default: all')
      .description('partitions, leaders, in-sync replicas, offsets, sizes, configuration')
      .action(declaration.action(() => import('./describe.js'))),
    [
      ['coupons topics describe', 'all topics'],
      ['coupons topics describe coupon-issue-requests', 'one topic'],
    ],
  );
  declareAlter(topics, declaration);
}

function declareAlter(topics: Command, declaration: Declaration): void {
  examples(
    topics
      .command('alter')
      .argument('<topic>', 'which one')
      .description('add partitions; shows first which keys would move')
      .addOption(
        new Option('--partitions <total>', 'the new total; not fewer than now')
          .argParser(integerFrom(1, 10_000))
          .makeOptionMandatory(),
      )
      .addOption(groupOption())
      .option('--wait-drained', 'wait until the group has read everything first (--timeout)')
      .addOption(dryRunOption())
      .addOption(yesOption())
      .action(declaration.action(() => import('./alter.js'))),
    [
      [
        'coupons topics alter coupon-issue-requests --partitions 6 --dry-run',
        'show the effect first',
      ],
      [
        'coupons topics alter coupon-issue-requests --partitions 6 --wait-drained --timeout 300',
        'keep the order',
      ],
    ],
  );
}
