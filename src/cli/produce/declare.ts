import { Option, type Command } from 'commander';
import { FILE_FORMATS } from '../../produce/file-format.js';
import { choiceOption, countOption, integerFrom, percent, positiveNumber } from '../arguments.js';
import { deliveryTimeoutOption, examples, yesOption, type Declaration } from '../command.js';

export function declareProduce(program: Command, declaration: Declaration): void {
  const share = (flags: string, description: string) =>
    new Option(flags, description).argParser(percent).default(0);
  examples(
    program
      .command('produce')
      .description('send requests, generated or from a file')
      .addOption(new Option('--coupon <id>', 'generate for this coupon').argParser(integerFrom(1)))
      .addOption(countOption('--count <n>', 'how many requests in total').default(1))
      .addOption(
        new Option('--first-user <id>', 'id of the first user; the next ones count up')
          .argParser(integerFrom(1))
          .default(1),
      )
      .addOption(
        share(
          '--duplicates <percent>',
          'share of requests by a user who already asked (new eventId)',
        ),
      )
      .addOption(share('--poison <percent>', 'share of malformed records'))
      .addOption(
        new Option('--seed <n>', 'the same seed, the same users in the same order').argParser(
          integerFrom(0, 2 ** 32 - 1),
        ),
      )
      .option('--file <path>', 'read requests from a file instead, or from stdin with -')
      .addOption(
        choiceOption('--format <format>', 'format of the file; default: by its name', FILE_FORMATS),
      )
      .option('--skip-bad', 'skip lines that are not valid requests, send the others')
      .addOption(new Option('--rate <n>', 'records a second').argParser(positiveNumber))
      .addOption(deliveryTimeoutOption())
      .addOption(yesOption())
      .action(declaration.action(() => import('./produce.js'))),
    [
      ['coupons produce --coupon 1 --count 10000 --duplicates 5 --poison 1', 'a flash sale'],
      ['coupons produce --coupon 1 --count 600 --rate 20', 'half a minute of steady load'],
      ['coupons produce --file requests.csv', 'columns couponId and userId at least'],
    ],
  );
}
