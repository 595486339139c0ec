import { Option, type Command } from 'commander';
import { duration } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';
import { withPartLimit } from './limit.js';

export function declareStatus(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('status')
      .description('what is going on: one word, why, and what to do next')
      .addOption(groupOption())
      .option('--watch', 'repeat until ctrl-C')
      .addOption(
        new Option('--interval <duration>', 'between two looks of --watch')
          .argParser(duration)
          .default(2, '2s'),
      )
      .action(declaration.action(() => import('./status.js'), 'strict', withPartLimit)),
    [
      ['coupons status', 'one screen, in less than a second'],
      ['coupons status --watch', 'the same, every two seconds'],
      ["coupons status -o json | jq -r '.verdict, .findings[].code'", 'for a script'],
    ],
  );
}
