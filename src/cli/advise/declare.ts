import { Option, type Command } from 'commander';
import { seconds } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareAdvise(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('advise')
      .description('observe the group and show what to do next: the command, why, what to expect')
      .addOption(groupOption())
      .addOption(
        new Option(
          '--observe <seconds>',
          'how long to observe; under 10 is too short to recognise a stall',
        )
          .argParser(seconds)
          .default(10),
      )
      .action(declaration.action(() => import('./advise.js'))),
    [
      ['coupons advise', 'observe for ten seconds, then advise'],
      ["coupons advise -o json | jq -r '.steps[0].command'", 'the next command to run'],
    ],
  );
}
