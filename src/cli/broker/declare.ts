import { Option, type Command } from 'commander';
import { integerFrom } from '../arguments.js';
import { examples, type Declaration } from '../command.js';

export function declareBroker(program: Command, declaration: Declaration): void {
  const broker = program
    .command('broker')
    .description('the embedded broker: for demos, development and tests on one machine');
  const port = () =>
    new Option('--port <port>', 'on 127.0.0.1; 0 takes a free one')
      .argParser(integerFrom(0, 65_535))
      .default(9092);

  examples(
    broker
      .command('start')
      .description('start it in the background; its data is kept in the data dir')
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
    [['coupons broker run --port 0 -o json', 'on a free port, which the first line tells']],
  );
  examples(
    broker
      .command('stop')
      .description('stop the one of this data dir; its data stays')
      .action(declaration.action(() => import('./stop.js'))),
    [['coupons broker stop', 'and `start` goes on where it was']],
  );
  examples(
    broker
      .command('status')
      .description('does the one of this data dir run, and where?')
      .action(declaration.action(() => import('./status.js'))),
    [['coupons broker status', 'pid, address and data dir']],
  );
}
