import { Option, type Command } from 'commander';
import { countOption, integerFrom } from '../arguments.js';
import { examples, type Declaration } from '../command.js';

export function declareDemo(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('demo')
      .description('the whole story on the embedded broker, in one command')
      .addOption(countOption('--requests <n>', 'how many ask').default(10_000))
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
