import { InvalidArgumentError, Option, type Command } from 'commander';
import type { LetterPosition } from '../../dead-letters/find-letter.js';
import type { PurgeLimit } from '../../dead-letters/purge.js';
import { TIME_UNITS } from './time-units.js';
import { choiceOption, instantOrAge, integerFrom, name, positiveNumber } from '../arguments.js';
import {
  deliveryTimeoutOption,
  dryRunOption,
  examples,
  groupOption,
  yesOption,
  type Declaration,
} from '../command.js';

export function declareDeadLetters(program: Command, declaration: Declaration): void {
  const dlq = program
    .command('dlq')
    .description('dead letters: why they come; list, replay and purge them');
  examples(
    dlq
      .command('count')
      .description('the number of dead letters')
      .action(declaration.action(() => import('./count.js'))),
    [['coupons dlq count', 'of all partitions']],
  );
  declareReading(dlq, declaration);
  declareReplay(dlq, declaration);
  declarePurge(dlq, declaration);
}

function declareReading(dlq: Command, declaration: Declaration): void {
  examples(
    marked(filtered(dlq.command('peek')))
      .description('list dead letters: why each came; joins no group and commits no offset')
      .addOption(
        new Option('--max-messages <n>', 'at most this many (10; with --follow all)').argParser(
          integerFrom(1),
        ),
      )
      .addOption(newest().conflicts(['oldest', 'follow']))
      .addOption(
        new Option(
          '--oldest',
          'the oldest first; without it, a terminal shows the newest of more than --max-messages',
        ).conflicts('follow'),
      )
      .option('--follow', 'dead letters as they arrive, from now or --since on, until ctrl-C')
      .action(declaration.action(() => import('./peek.js'))),
    [
      ['coupons dlq peek', 'ten of them, on a terminal the newest'],
      ['coupons dlq peek --newest --max-messages 3 -o json', 'the three newest, with all fields'],
      ['coupons dlq peek --reason MALFORMED_JSON --since 2h', 'filters combine'],
      ['coupons dlq peek --follow -o json', 'one JSON object a line'],
    ],
  );
  examples(
    dlq
      .command('show')
      .argument('<partition:offset>', 'as peek shows it', letterPosition)
      .description('one dead letter with all fields')
      .action(declaration.action(() => import('./show.js'))),
    [['coupons dlq show 0:17', 'headers, original and stack trace']],
  );
  examples(
    marked(filtered(dlq.command('stats')))
      .description('why dead letters come: by reason, failure, coupon, producer and time')
      .addOption(
        choiceOption('--by <unit>', 'unit of time to count by', TIME_UNITS).default('hour'),
      )
      .action(declaration.action(() => import('./stats.js'))),
    [
      ['coupons dlq stats', 'all of them, with an example of each failure'],
      ['coupons dlq stats --since 1h --by minute', 'the last hour, minute by minute'],
      ['coupons dlq stats --coupon 1 --since 1d', "one campaign's last day"],
    ],
  );
  examples(
    marked(filtered(dlq.command('export')))
      .description('write dead letters as JSON lines, each as peek shows it')
      .addOption(newest())
      .option('--file <path>', 'write to this file instead of stdout (all or nothing)')
      .action(declaration.action(() => import('./export.js'))),
    [
      ['coupons dlq export --file letters.jsonl', 'before a purge'],
      ['coupons dlq export --reason PROCESSING_FAILED | jq .key', 'into a pipe'],
    ],
  );
}

function declareReplay(dlq: Command, declaration: Declaration): void {
  examples(
    filtered(dlq.command('replay'))
      .description('send original records to their topic again, each dead letter once')
      .addOption(newest())
      .addOption(new Option('--max-messages <n>', 'send at most so many').argParser(integerFrom(1)))
      .addOption(new Option('--rate <n>', 'records a second').argParser(positiveNumber))
      .addOption(deliveryTimeoutOption())
      .option('--again', 'also those replayed before or too often, or decided already')
      .option(
        '--include-rejected',
        'also those that would be SOLD_OUT, EXPIRED, ..., which is final',
      )
      .addOption(
        new Option(
          '--allow-topic <topic...>',
          'also to these topics, where dead letters say they came from there',
        ).default([], 'only the request topic'),
      )
      .option('--wait', 'wait until the group has decided them (--timeout), and show the outcomes')
      .addOption(groupOption())
      .addOption(dryRunOption())
      .addOption(yesOption())
      .action(declaration.action(() => import('./replay/replay.js'))),
    [
      ['coupons dlq replay --dry-run', 'what would be sent, and what would become of it'],
      ['coupons dlq replay --reason PROCESSING_FAILED --max-messages 10', 'ten to try'],
      ['coupons dlq replay --rate 50 --wait --timeout 120 --yes', 'the rest, slowly'],
    ],
  );
}

function declarePurge(dlq: Command, declaration: Declaration): void {
  examples(
    dlq
      .command('purge')
      .description('delete the oldest dead letters, up to an offset or a time; cannot be undone')
      .addOption(
        new Option('--before <limit>', 'an offset, partition:offset, a time, or an age such as 7d')
          .argParser(purgeLimit)
          .makeOptionMandatory(),
      )
      .addOption(dryRunOption())
      .addOption(yesOption())
      .action(declaration.action(() => import('./purge.js'))),
    [
      ['coupons dlq purge --before 7d --dry-run', 'what would be deleted'],
      ['coupons dlq purge --before 2026-11-01T00:00:00Z', 'older than November'],
      ['coupons dlq purge --before 0:250 --yes', 'offsets 0 to 249 of partition 0'],
    ],
  );
}

/** Options that select dead letters by what the store remembers of replays. */
function marked(command: Command): Command {
  return command
    .addOption(new Option('--replayed', 'that were replayed').conflicts('notReplayed'))
    .addOption(new Option('--not-replayed', 'that were not replayed'));
}

/** Options that select dead letters; all given ones must match. */
function filtered(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--reason <code>',
        'with this reason code, in upper or lower case, with - or _',
      ).argParser(name),
    )
    .addOption(new Option('--coupon <id>', 'of this coupon').argParser(integerFrom(1)))
    .addOption(new Option('--partition <n>', 'in this partition').argParser(integerFrom(0)))
    .addOption(
      new Option('--since <time>', 'from this time on, or an age such as 2h').argParser(
        instantOrAge,
      ),
    )
    .addOption(new Option('--until <time>', 'before this time, or an age').argParser(instantOrAge))
    .addOption(
      new Option('--text <string>', 'that contain this text (upper or lower case)').argParser(name),
    );
}

function newest(): Option {
  return new Option('--newest', 'the newest first instead of the oldest');
}

const POSITION = /^(\d{1,9}):(\d{1,18})$/;

function letterPosition(text: string): LetterPosition {
  const [, partition, offset] = POSITION.exec(text) ?? [];
  if (partition === undefined || offset === undefined) {
    throw new InvalidArgumentError('Give <partition>:<offset>, such as 0:17.');
  }
  return { partition: Number(partition), offset: BigInt(offset) };
}

function purgeLimit(text: string): PurgeLimit {
  if (/^\d{1,18}$/.test(text)) return { kind: 'offset', offset: BigInt(text), partition: null };
  if (POSITION.test(text)) return { kind: 'offset', ...letterPosition(text) };
  try {
    return { kind: 'time', timeMs: instantOrAge(text) };
  } catch {
    throw new InvalidArgumentError(
      'Give an offset, partition:offset, a time as 2026-12-24T18:00:00Z, or an age as 7d.',
    );
  }
}
