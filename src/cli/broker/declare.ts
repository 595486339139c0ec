import { Option, type Command } from 'commander';
import { integerFrom } from '../arguments.js';
import { examples, type Declaration } from '../command.js';

export function declareBroker(program: Command, declaration: Declaration): void {
  const broker = program
    .command('broker')
    .description('the embedded broker: for demos and tests on one machine');
  const port = () =>
    new Option('--port <port>', 'on 127.0.0.1; 0 for a free one')
      .argParser(integerFrom(0, 65_535))
      .default(9092);

  examples(
    broker
      .command('start')
      .description('start it in the background, with its data in the data dir')
      .addOption(port())
      .action(declaration.action(() => import('./start.js'))),
    [
      ['coupons broker start', 'on localhost:9092'],
      ['coupons broker start --port 19092 --data-dir ./data', 'elsewhere'],
    ],
  );
  examples(
    broker
      .command('run')
      .description('run it in the foreground until ctrl-C')
      .addOption(port())
      .action(declaration.action(() => import('./run.js'))),
    [['coupons broker run --port 0 -o json', 'on a free port, shown in the first line']],
  );
  examples(
    broker
      .command('stop')
      .description('stop the broker of this data dir; its data is kept')
      .action(declaration.action(() => import('./stop.js'))),
    [['coupons broker stop', '`start` continues with the same data']],
  );
  examples(
    broker
      .command('status')
      .description('whether the broker of this data dir runs, and its address')
      .action(declaration.action(() => import('./status.js'))),
    [['coupons broker status', 'pid, address and data dir']],
  );
}
