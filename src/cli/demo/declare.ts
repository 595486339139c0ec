import { Option, type Command } from 'commander';
import { countOption, integerFrom } from '../arguments.js';
import { examples, type Declaration } from '../command.js';

export function declareDemo(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('demo')
      .description('run the whole pipeline on the embedded broker, in one command')
      .addOption(countOption('--requests <n>', 'how many requests').default(10_000))
      .addOption(
        new Option('--stock <n>', 'how many coupons can be issued')
          .argParser(integerFrom(0))
          .default(100),
      )
      .option('--keep', 'keep the broker running, with its data')
      .action(declaration.action(() => import('./demo.js'))),
    [
      ['coupons demo', '10,000 ask for 100 coupons'],
      ['coupons demo --keep', 'and keep it running'],
      ['coupons demo --store postgres', 'on a PostgreSQL server that lives as long as the demo'],
      [
        'coupons demo --store postgres://ops@db-1/coupons',
        'in a new schema there, which is removed at the end',
      ],
    ],
  );
}
