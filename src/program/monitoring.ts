import { Option, type Command } from 'commander';
import { integerFrom } from './arguments.js';
import { examples, groupOption, type Declaration } from './command.js';

export function declareMonitoring(program: Command, declaration: Declaration): void {
  declareLag(program, declaration);
  declareAudit(program, declaration);
}

function declareLag(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('lag')
      .description('does the group keep up? committed and end offset of every partition')
      .addOption(groupOption())
      .option('--topic <name>', 'only this topic')
      .addOption(
        new Option('--warn-above <n>', 'CAUTION above this total lag')
          .argParser(integerFrom(0))
          .default(100),
      )
      .addOption(
        new Option('--fail-above <n>', 'exit 3 above this total lag').argParser(integerFrom(0)),
      )
      .action(declaration.action(() => import('../commands/lag.js'))),
    [
      ['coupons lag', 'once'],
      ['coupons lag --fail-above 1000', 'for a health check: exit 3 above 1000'],
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
      .action(declaration.action(() => import('../commands/audit.js'))),
    [['coupons audit', 'exit 0 on PASS, 3 on FAIL']],
  );
}
