/** The help of a command as a page: what it does and how to call it come before its options. */
import type { Argument, Command, Help, Option } from 'commander';
import { promptedCommand } from '../../output/wrap.js';
import { examplesOf, type Example } from '../command.js';

/** The width of all help texts, so that docs/commands.md is the same on every machine. */
const HELP_COLUMNS = 80;

/** docs/contract.md says more of each. */
const EXIT_CODES = `Exit codes: 0 done, 1 failed, 2 wrong usage, 3 check failed,
  4 broker or store can't be used, 130 interrupted`;

const GLOBAL_OPTIONS = 'Options for every command (--brokers, --output, ...): coupons --help';

/** Of the program and of a noun, the subcommands come first; of a verb, its options. */
export function formatHelp(command: Command, helper: Help): string {
  const options = optionLists(command, helper);
  const examples = exampleLists(command);
  const parts = [
    `Usage: ${helper.commandUsage(command)}`,
    helper.boxWrap(helper.commandDescription(command), helper.helpWidth ?? HELP_COLUMNS),
    ...argumentLists(command, helper),
    ...(command.commands.length === 0
      ? [...options, ...examples]
      : [...subcommandLists(command, helper), ...examples, ...options]),
    command.parent === null ? EXIT_CODES : GLOBAL_OPTIONS,
  ];
  return `${parts.join('\n\n')}\n`;
}

function argumentLists(command: Command, helper: Help): readonly string[] {
  const found = helper.visibleArguments(command);
  if (found.length === 0) return [];
  const items = found.map(
    (each) => [helper.argumentTerm(each), helper.argumentDescription(each)] as const,
  );
  return [list('Arguments:', items, helper)];
}

function optionLists(command: Command, helper: Help): readonly string[] {
  const groups = helper.groupItems(
    [...command.options],
    helper.visibleOptions(command),
    (option) => option.helpGroupHeading ?? 'Options:',
  );
  const item = (option: Option) =>
    [helper.optionTerm(option), helper.optionDescription(option)] as const;
  return [...groups].map(([heading, options]) => list(heading, options.map(item), helper));
}

function subcommandLists(command: Command, helper: Help): readonly string[] {
  const all = helper.visibleCommands(command).filter(({ parent }) => parent !== null);
  const width = longest(all.map(subcommandTerm));
  const groups = helper.groupItems(all, all, (each) => each.helpGroup() || 'Commands:');
  const item = (each: Command) =>
    [subcommandTerm(each), helper.subcommandDescription(each)] as const;
  return [...groups].map(([heading, commands]) => list(heading, commands.map(item), helper, width));
}

/** The program's commands by name alone; a noun's with their arguments. */
function subcommandTerm(command: Command): string {
  const args = command.parent?.parent === null ? [] : command.registeredArguments.map(argumentTerm);
  return [command.name(), ...args].join(' ');
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Descriptions begin in one column, `width` behind the start of the terms. */
function list(
  heading: string,
  items: readonly (readonly [string, string])[],
  helper: Help,
  width = longest(items.map(([term]) => term)),
): string {
  const lines = items.map(([term, text]) => helper.formatItem(term, width, text, helper));
  return [heading, ...lines].join('\n');
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}

function exampleLists(command: Command): readonly string[] {
  const given = examplesOf(command);
  return given.length === 0 ? [] : [`Examples:\n${exampleLines(given).join('\n')}`];
}

/** The description is behind the command; above it where the line would be too long. */
function exampleLines(given: readonly Example[]): readonly string[] {
  const width = longest(given.map(([line]) => line));
  const beside = given.map(([line, what]) => `  $ ${line.padEnd(width)}  # ${what}`);
  if (beside.every((line) => line.length <= HELP_COLUMNS)) return beside;
  return given.flatMap(([line, what]) => {
    return [`  # ${what}`, ...promptedCommand(line, HELP_COLUMNS, '  ')];
  });
}
