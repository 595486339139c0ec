import { Option, type Command } from 'commander';
import { integerFrom } from './arguments.js';
import { examples, type Declaration } from './command.js';

export function declareDeadLetters(program: Command, declaration: Declaration): void {
  const dlq = program.command('dlq').description('the dead letters: count and look into them');
  dlq
    .command('count')
    .description('how many there are')
    .action(declaration.action(() => import('../commands/dlq/count.js')));
  examples(
    dlq
      .command('peek')
      .description('look at dead letters; leaves no group behind and moves nobody')
      .addOption(
        new Option('--max-messages <n>', 'at most so many').argParser(integerFrom(1)).default(10),
      )
      .option('--newest', 'the newest first instead of the oldest')
      .action(declaration.action(() => import('../commands/dlq/peek.js'))),
    [
      ['coupons dlq peek', 'the ten oldest'],
      ['coupons dlq peek --newest --max-messages 3 -o json', 'the three newest, whole'],
    ],
  );
}
