/** Wrong usage, in words that say where to read on: commander knows which command it was. */
import type { Command, CommanderError } from 'commander';
import { UsageError } from '../errors.js';
import { pathOf } from './command.js';

/** From now on `command` and all below it throw a UsageError where commander finds fault. */
export function throwUsageErrors(command: Command): void {
  command.exitOverride((error) => {
    // A help that was asked for, or shown because a subcommand is missing, is told already.
    if (error.exitCode === 0 || error.code === 'commander.help') throw error;
    throw usageErrorOf(command, error);
  });
  command.commands.forEach(throwUsageErrors);
}

function usageErrorOf(command: Command, { message }: CommanderError): UsageError {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replace(/^\(|\)$/g, '');
  const help = ['coupons', 'help', ...pathOf(command)].join(' ');
  return new UsageError(worded(first), suggestion === '' ? `See \`${help}\`.` : suggestion);
}

/** Commander speaks of an argument in other words than of an option. */
function worded(message: string): string {
  return message.replace(
    /^command-argument value '(.*)' is invalid for argument '(.*)'\./,
    "argument '<$2>' value '$1' is invalid.",
  );
}
