import { Option, type Command } from 'commander';
import { duration } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

export function declareAdvise(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('advise')
      .description('observe the group, then say what to do next, and why')
      .addOption(groupOption())
      .addOption(
        new Option(
          '--observe <duration>',
          'how long to observe; under 10 seconds is too short to recognise a stall',
        )
          .argParser(duration)
          .default(10, '10s'),
      )
      .action(declaration.action(() => import('./advise.js'))),
    [
      ['coupons advise', 'observe for ten seconds, then advise'],
      ["coupons advise -o json | jq -r '.steps[0].command'", 'the next command to run'],
    ],
  );
}
