import { Option, type Command } from 'commander';
import { CAUTION_ABOVE } from '../../lag/status.js';
import { duration, integerFrom } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareLag(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('lag')
      .description('whether the group keeps up: lag and waiting time by partition')
      .addOption(groupOption())
      .option('--topic <name>', 'only this topic')
      .addOption(
        new Option('--warn-above <n>', 'CAUTION above this total lag')
          .argParser(integerFrom(0))
          .default(CAUTION_ABOVE),
      )
      .addOption(
        new Option('--fail-above <n>', 'exit 3 above this total lag').argParser(integerFrom(0)),
      )
      .option('--watch', 'repeat until ctrl-C, with rates, trend and estimated time to drain')
      .addOption(
        new Option('--interval <duration>', 'between two samples of --watch')
          .argParser(duration)
          .default(2, '2s'),
      )
      .option('--wait', 'return when the lag is 0; exit 3 at --timeout')
      .action(declaration.action(() => import('./lag.js'))),
    [
      ['coupons lag', 'once'],
      ['coupons lag --watch', 'whether it catches up, and when it is done'],
      ['coupons lag --fail-above 1000', 'for a health check: exit 3 above 1000'],
      ['coupons lag --wait --timeout 300', 'return when all is read'],
      ['coupons lag --watch -o json | jq .totalLag', 'one JSON object a line'],
    ],
  );
}
