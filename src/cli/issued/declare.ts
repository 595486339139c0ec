import { Option, type Command } from 'commander';
import { choiceOption, integerFrom } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareIssued(program: Command, declaration: Declaration): void {
  const issued = program
    .command('issued')
    .description('who holds which coupon, and why a user has none');
  const coupon = () => new Option('--coupon <id>', 'of this coupon').argParser(integerFrom(1));
  const user = () => new Option('--user <id>', 'of this user').argParser(integerFrom(1));

  examples(
    issued
      .command('list')
      .description('issued coupons in the order of issuing')
      .addOption(coupon())
      .addOption(user())
      .addOption(
        new Option('--limit <n>', 'at most this many').argParser(integerFrom(1)).default(50),
      )
      .action(declaration.action(() => import('./list.js'))),
    [['coupons issued list --coupon 1 --limit 5', 'the first five winners']],
  );
  examples(
    issued
      .command('show')
      .description("what became of a user's requests, why, and what to do")
      .addOption(coupon())
      .addOption(user().makeOptionMandatory())
      .addOption(groupOption())
      .action(declaration.action(() => import('./show.js'))),
    [
      ['coupons issued show --user 42', 'all that the user asked for'],
      ['coupons issued show --user 42 --coupon 1', 'of one coupon'],
    ],
  );
  examples(
    issued
      .command('export')
      .description('all issued coupons as CSV or JSON lines')
      .addOption(coupon())
      .addOption(
        choiceOption('--format <format>', 'of the output', ['csv', 'jsonl']).default('csv'),
      )
      .option('--bom', 'begin CSV with a byte order mark, so that Excel reads it as UTF-8')
      .option('--file <path>', 'write to this file instead of stdout (all or nothing)')
      .action(declaration.action(() => import('./export.js'))),
    [['coupons issued export --coupon 1 --file winners.csv', 'for the people who mail them']],
  );
}
