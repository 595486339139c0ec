import type { Command } from 'commander';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareDoctor(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('doctor')
      .description('check machine, store, cluster, topics and group')
      .addOption(groupOption())
      .action(declaration.action(() => import('./doctor.js'))),
    [
      ['coupons doctor', 'each check, with its fix; exit 3 when one fails'],
      ['coupons doctor --context staging -o json', 'for a script'],
    ],
  );
}
