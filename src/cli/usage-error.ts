/** Wrong usage, in words that say where to read on: commander knows which command it was. */
import type { Command, CommanderError } from 'commander';
import { UsageError } from '../errors.js';
import { pathOf } from './command.js';

/** From now on `command` and all below it throw a UsageError where commander finds fault. */
export function throwUsageErrors(command: Command): void {
  command.exitOverride((error) => {
    // Help and version were asked for, and are printed.
    if (error.exitCode === 0) throw error;
    throw usageErrorOf(command, error);
  });
  command.commands.forEach(throwUsageErrors);
}

function usageErrorOf(command: Command, { code, message }: CommanderError): UsageError {
  const path = pathOf(command);
  const help = `See \`${['coupons', 'help', ...path].join(' ')}\`.`;
  if (code === 'commander.help') {
    return new UsageError(`\`${['coupons', ...path].join(' ')}\` needs a subcommand.`, help);
  }
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const suggestion =
    rest.length > 0 ? rest.join(' ').replace(/^\(|\)$/g, '') : verbElsewhere(command, first);
  return new UsageError(worded(first), suggestion ?? help);
}

/** Of `coupons replay`, where a noun is missing before the verb; null where no noun has that verb. */
function verbElsewhere(command: Command, message: string): string | null {
  const verb = /^unknown command '(.*)'$/.exec(message)?.[1];
  const found = command.commands
    .filter(({ commands }) => commands.some((each) => each.name() === verb))
    .map((noun) => `\`${['coupons', ...pathOf(noun), verb].join(' ')}\``);
  return found.length === 0 ? null : `Did you mean ${found.join(', or ')}?`;
}

/** Commander speaks of an argument in other words than of an option. */
function worded(message: string): string {
  return message.replace(
    /^command-argument value '(.*)' is invalid for argument '(.*)'\./,
    "argument '<$2>' value '$1' is invalid.",
  );
}
