import { Option, type Command } from 'commander';
import { CONSUME_MODES } from '../../consume/consume-mode.js';
import { choiceOption, countOption, integerFrom } from '../arguments.js';
import { examples, groupOption, yesOption, type Declaration } from '../command.js';

export function declareConsume(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('consume')
      .description('issue coupons: run members of the consumer group')
      .addOption(countOption('--concurrency <n>', 'members of the group').default(3))
      .addOption(
        choiceOption(
          '--mode <mode>',
          'one record a transaction, a batch, or the old scheduler',
          CONSUME_MODES,
        ).default('single'),
      )
      .addOption(
        countOption('--batch-size <n>', 'records a transaction in batch mode').default(100),
      )
      .addOption(groupOption())
      .option('--until-drained', 'end when every partition of the group is at its end')
      .addOption(countOption('--max-records <n>', 'end after exactly this many'))
      .option(
        '--log-file <path>',
        'where to log; - for stderr (default: <data-dir>/logs/application.log)',
      )
      .addOption(
        choiceOption('--log-format <format>', 'a line to read, or a JSON object a line', [
          'text',
          'json',
        ]).default('text'),
      )
      .addOption(
        new Option(
          '--metrics-port <port>',
          'offer /metrics, /livez and /readyz here; 0 for a free port',
        ).argParser(integerFrom(0, 65_535)),
      )
      .option('--metrics-host <host>', 'offer them on this address (default: 127.0.0.1)')
      .addOption(
        choiceOption('--progress <how>', 'a live line on a terminal, JSON lines, or nothing', [
          'auto',
          'json',
          'none',
        ]).default('auto'),
      )
      .addOption(yesOption())
      .action(declaration.action(() => import('./consume.js'))),
    [
      ['coupons consume', 'three members, one record at a time, until ctrl-C'],
      ['coupons consume --mode batch --concurrency 6', 'faster'],
      ['coupons consume --until-drained -o json', 'read everything, then report'],
      ['coupons consume --metrics-port 9464', 'and let Prometheus scrape it'],
      [
        'tail -F ~/.local/share/coupons/logs/application.log | grep "Kafka Consumer"',
        'watch its log',
      ],
    ],
  );
}
