import { Option, type Command } from 'commander';
import { integerFrom } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareAudit(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('audit')
      .description('derive every outcome from the log and compare it with the store')
      .addOption(new Option('--coupon <id>', 'one campaign only').argParser(integerFrom(1)))
      .addOption(groupOption())
      .action(declaration.action(() => import('./audit.js'))),
    [['coupons audit', 'exit 0 on PASS, 3 on FAIL']],
  );
}
