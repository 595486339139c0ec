import { Option, type Command } from 'commander';
import { CAUTION_ABOVE } from '../../lag/status.js';
import { integerFrom, seconds } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareMonitoring(program: Command, declaration: Declaration): void {
  declareLag(program, declaration);
  declareAdvise(program, declaration);
  declareAudit(program, declaration);
}

function declareLag(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('lag')
      .description(
        'whether the group keeps up: offsets, lag, waiting time and member of every partition',
      )
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
      .option('--watch', 'look again and again, with rates, trend and time to go, until ctrl-C')
      .addOption(
        new Option('--interval <seconds>', 'between two looks of --watch')
          .argParser(seconds)
          .default(2),
      )
      .option('--wait', 'return when the lag is 0; exit 3 at --timeout')
      .action(declaration.action(() => import('./lag.js'))),
    [
      ['coupons lag', 'once'],
      ['coupons lag --watch', 'is it catching up, and when is it done?'],
      ['coupons lag --fail-above 1000', 'for a health check: exit 3 above 1000'],
      ['coupons lag --wait --timeout 300', 'return when all is read'],
      ['coupons lag --watch -o json | jq .totalLag', 'an object a line'],
    ],
  );
}

function declareAdvise(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('advise')
      .description('observe the group, and say what to do next: the command, why, what to expect')
      .addOption(groupOption())
      .addOption(
        new Option('--observe <seconds>', 'how long to look; under 10 is too short to call a stall')
          .argParser(seconds)
          .default(10),
      )
      .action(declaration.action(() => import('../advise/advise.js'))),
    [
      ['coupons advise', 'look for ten seconds, then advise'],
      ["coupons advise -o json | jq -r '.steps[0].command'", 'the very next command'],
    ],
  );
}

function declareAudit(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('audit')
      .description('derive every outcome again from the log and compare it with the store')
      .addOption(new Option('--coupon <id>', 'one campaign only').argParser(integerFrom(1)))
      .addOption(groupOption())
      .action(declaration.action(() => import('../audit/audit.js'))),
    [['coupons audit', 'exit 0 on PASS, 3 on FAIL']],
  );
}
