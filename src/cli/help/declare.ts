/** `coupons help [command...]`: what `--help` behind the same words shows. */
import type { Command } from 'commander';
import { examples } from '../command.js';

export function declareHelp(program: Command): void {
  examples(
    program
      .helpCommand(false)
      .command('help')
      .description('the help of a command')
      .argument('[command...]', 'such as lag, or dlq replay')
      .action((names: readonly string[]) => {
        commandAt(program, names).outputHelp();
      }),
    [
      ['coupons help lag', 'what `coupons lag --help` shows'],
      ['coupons help dlq replay', 'of a command in a group'],
    ],
  );
}

/** Ends with commander's own error, and its suggestion, where there is no such command. */
function commandAt(command: Command, [name, ...more]: readonly string[]): Command {
  if (name === undefined) return command;
  const next = command.commands.find((each) => each.name() === name);
  if (next !== undefined) return commandAt(next, more);
  if (command.commands.length === 0)
    command.error(`error: ${command.name()} has no command '${name}'`);
  command.parse([name], { from: 'user' });
  return command;
}
