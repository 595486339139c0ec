import { Option, type Command } from 'commander';
import { CONSUME_MODES } from '../../consume/consume-mode.js';
import { countOption } from '../arguments.js';
import { examples, groupOption, yesOption, type Declaration } from '../command.js';

export function declareConsume(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('consume')
      .description('issue coupons: run members of the consumer group')
      .addOption(countOption('--concurrency <n>', 'members of the group').default(3))
      .addOption(
        new Option('--mode <mode>', 'one record a transaction, a batch, or the old scheduler')
          .choices(CONSUME_MODES)
          .default('single'),
      )
      .addOption(
        countOption('--batch-size <n>', 'records a transaction in batch mode').default(100),
      )
      .addOption(groupOption())
      .option('--until-drained', 'end when every partition of the group is at its end')
      .addOption(countOption('--max-records <n>', 'end after exactly this many'))
      .option('--log-file <path>', 'where to log (default: <data-dir>/logs/application.log)')
      .addOption(
        new Option('--progress <how>', 'a live line on a terminal, JSON lines, or nothing')
          .choices(['auto', 'json', 'none'])
          .default('auto'),
      )
      .addOption(yesOption())
      .action(declaration.action(() => import('./consume.js'))),
    [
      ['coupons consume', 'three members, one record at a time, until ctrl-C'],
      ['coupons consume --mode batch --concurrency 6', 'faster'],
      ['coupons consume --until-drained -o json', 'read everything, then report'],
      [
        'tail -f ~/.local/share/coupons/logs/application.log | grep "Kafka Consumer"',
        'watch its log',
      ],
    ],
  );
}
