import { Option, type Command } from 'commander';
import { CONSUME_MODES } from '../../consume/consume-mode.js';
import { FILE_FORMATS } from '../../produce/file-format.js';
import { integerFrom, percent, positiveNumber } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declarePipeline(program: Command, declaration: Declaration): void {
  declareDemo(program, declaration);
  declareProduce(program, declaration);
  declareConsume(program, declaration);
}

function declareDemo(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('demo')
      .description('the whole story on the embedded broker, in one command')
      .addOption(count('--requests <n>', 'how many ask').default(10_000))
      .addOption(
        new Option('--stock <n>', 'how many can have one').argParser(integerFrom(0)).default(100),
      )
      .option('--keep', 'leave the broker running and the data in place, to explore')
      .action(declaration.action(() => import('../demo/demo.js'))),
    [
      ['coupons demo', '10,000 ask for 100 coupons'],
      ['coupons demo --keep', 'and leave it running'],
    ],
  );
}

function declareProduce(program: Command, declaration: Declaration): void {
  const share = (flags: string, description: string) =>
    new Option(flags, description).argParser(percent).default(0);
  examples(
    program
      .command('produce')
      .description('send requests, generated or from a file, and wait for their acknowledgement')
      .addOption(new Option('--coupon <id>', 'generate for this coupon').argParser(integerFrom(1)))
      .addOption(count('--count <n>', 'all messages together').default(1))
      .addOption(
        new Option('--first-user <id>', 'users are counted up from here')
          .argParser(integerFrom(1))
          .default(1),
      )
      .addOption(share('--duplicates <percent>', 'share that asks again, under a new eventId'))
      .addOption(share('--poison <percent>', 'share that is malformed, in several ways'))
      .addOption(
        new Option('--seed <n>', 'the same seed, the same users in the same order').argParser(
          integerFrom(0, 2 ** 32 - 1),
        ),
      )
      .option('--file <path>', 'read requests from a file instead, or from stdin with -')
      .addOption(
        new Option('--format <format>', 'of the file; by its name where not given').choices(
          FILE_FORMATS,
        ),
      )
      .option('--skip-bad', 'send the good lines of a file that has bad ones')
      .addOption(
        new Option('--rate <n>', 'records a second, held evenly').argParser(positiveNumber),
      )
      .action(declaration.action(() => import('../produce/produce.js'))),
    [
      ['coupons produce --coupon 1 --count 10000 --duplicates 5 --poison 1', 'a flash sale'],
      ['coupons produce --coupon 1 --count 600 --rate 20', 'half a minute of steady load'],
      ['coupons produce --file requests.csv', 'columns couponId and userId at least'],
    ],
  );
}

function declareConsume(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('consume')
      .description('issue coupons: run members of the consumer group')
      .addOption(count('--concurrency <n>', 'members of the group').default(3))
      .addOption(
        new Option('--mode <mode>', 'a record a transaction, many, or the old scheduler')
          .choices(CONSUME_MODES)
          .default('single'),
      )
      .addOption(count('--batch-size <n>', 'records a transaction in batch mode').default(100))
      .addOption(groupOption())
      .option('--until-drained', 'end when every partition of the group is at its end')
      .addOption(count('--max-records <n>', 'end after exactly this many'))
      .option('--log-file <path>', 'where to log (default: <data-dir>/logs/application.log)')
      .addOption(
        new Option('--progress <how>', 'a live line on a terminal, JSON lines, or nothing')
          .choices(['auto', 'json', 'none'])
          .default('auto'),
      )
      .action(declaration.action(() => import('./consume.js'))),
    [
      ['coupons consume', 'three members, one record at a time, until ctrl-C'],
      ['coupons consume --mode batch --concurrency 6', 'faster'],
      ['coupons consume --until-drained -o json', 'work off what is there, then report'],
      [
        'tail -f ~/.local/share/coupons/logs/application.log | grep "Kafka Consumer"',
        'watch its log',
      ],
    ],
  );
}

const count = (flags: string, description: string) =>
  new Option(flags, description).argParser(integerFrom(1));
