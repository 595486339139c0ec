/** docs/commands.md, from what the program declares. */
import type { Argument, Command, Option } from 'commander';
import { examplesOf } from '../command.js';

const HEAD = `# Commands

Generated from the program by \`npm run docs:commands\`: change the program, not this page. JSON
documents, exit codes and what else scripts may rely on are in [contract.md](contract.md).`;

const EXIT_CODES = `## Exit codes

- \`0\`: done; for \`consume\`, also a graceful stop by SIGINT, SIGTERM or SIGHUP
- \`1\`: it failed
- \`2\`: wrong usage: unknown command, bad flag or value
- \`3\`: the check that was asked for did not pass (\`--fail-above\`, \`audit\`, \`doctor\`)
- \`4\`: broker or store cannot be reached, opened or authenticated
- \`130\`: interrupted`;

const ENVIRONMENT = `## Environment

Beside the variables of the options above:

- \`COUPONS_SASL_PASSWORD\`: the password, which no option takes
- \`COUPONS_SERVE_TOKEN\`: the token of \`coupons serve\`
- \`NO_COLOR\`: no colour, where it is not empty
- \`TERM=dumb\`: no colour, no live line, no screen of \`lag --watch\`
- \`XDG_DATA_HOME\`, \`XDG_CONFIG_HOME\`: where the data dir and the config file are by default
- \`COUPONS_DEBUG\`: a stack trace with an error that should not have been

A variable of ours that is empty counts as not set.`;

const FILES = `## Files

- \`<data-dir>/coupons.db\`: the store ([store.md](store.md)), with its \`-wal\` and \`-shm\` while it is open
- \`<data-dir>/logs/application.log\`: the consumer's log, five files of 10 MiB
- \`<data-dir>/broker/\`: records and groups of the embedded broker ([embedded-broker.md](embedded-broker.md))
- \`$XDG_CONFIG_HOME/coupons/config.json\`, else \`~/.config/coupons/config.json\`: contexts ([contexts.md](contexts.md))`;

/** The page in Markdown: contents, the options of every command, then a section a command. */
export function commandsPage(program: Command): string {
  const leaves = leavesOf(program);
  const contents = leaves.map(
    (command) => `- [${titleOf(command)}](#${anchorOf(command)}): ${escape(command.description())}`,
  );
  const global = [
    '## Options of every command',
    'They may stand before or after the subcommand. A flag beats the environment, which beats the context in use ([contexts.md](contexts.md)), which beats the default.',
    bullets(optionsOf(program).map(describeOption)),
  ];
  return `${[HEAD, contents.join('\n'), ...global, ...leaves.map(section), EXIT_CODES, ENVIRONMENT, FILES].join('\n\n')}\n`;
}

/** Commands that do something, in the order of the help; hidden ones left out. */
export function leavesOf(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.parent !== null)
    .flatMap((each) => (each.commands.length === 0 ? [each] : leavesOf(each)));
}

function titleOf(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${titleOf(parent)} ${command.name()}`;
}

function anchorOf(command: Command): string {
  return titleOf(command).replaceAll(' ', '-');
}

function section(command: Command): string {
  const usage = `${titleOf(command)} ${command.usage()}`.trim();
  const given = [
    ...command.registeredArguments.map(describeArgument),
    ...optionsOf(command).map(describeOption),
  ];
  const lines = examplesOf(command).map(([line, what]) => `# ${what}\n${line}`);
  return [
    `## ${titleOf(command)}`,
    sentence(command.description()),
    fenced(usage),
    ...(given.length === 0 ? [] : [bullets(given)]),
    ...(lines.length === 0 ? [] : [fenced(lines.join('\n\n'))]),
  ].join('\n\n');
}

function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp();
  return help.visibleOptions(command).filter(({ long }) => long !== '--help');
}

function describeArgument(argument: Argument): string {
  const { description, argChoices } = argument;
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return `\`${argument.required ? `<${name}>` : `[${name}]`}\`${details(description, choicesOf(argChoices))}`;
}

function describeOption(option: Option): string {
  const { flags, description, argChoices, envVar, mandatory } = option;
  const value: unknown = option.defaultValueDescription ?? option.defaultValue;
  const defaultText = typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  return `\`${flags}\`${details(
    description,
    ...choicesOf(argChoices),
    ...(mandatory ? ['required'] : []),
    ...(defaultText === null ? [] : [`default: \`${defaultText}\``]),
    ...(envVar === undefined ? [] : [`environment: \`${envVar}\``]),
  )}`;
}

function choicesOf(choices: readonly string[] | undefined): readonly string[] {
  return choices === undefined ? [] : [`one of ${choices.map((each) => `\`${each}\``).join(', ')}`];
}

function details(description: string, ...more: readonly (string | readonly string[])[]): string {
  const notes = more.flat();
  const text = escape(description);
  const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return text === '' && note === '' ? '' : `: ${text}${note}`.replace(':  ', ': ');
}

function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function fenced(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

/** "<" begins a tag, and "*" emphasis. */
function escape(text: string): string {
  return text.replaceAll(/[<*]/g, '\\$&');
}

function sentence(text: string): string {
  const escaped = escape(text);
  const end = /[.?!]$/.test(escaped) ? '' : '.';
  return `${escaped.charAt(0).toUpperCase()}${escaped.slice(1)}${end}`;
}
