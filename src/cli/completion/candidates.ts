/** What may come next on a command line, from what the program declares. */
import type { Command, Option } from 'commander';
import type { LiveKind } from './live-values.js';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What can stand at the cursor; `prefix` (of `--option=value`) belongs in front of each value. */
export type Completion =
  | { readonly kind: 'words'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'live'; readonly live: LiveKind; readonly prefix: string }
  | { readonly kind: 'files' }
  | { readonly kind: 'directories' };

/** By the name of an option or an argument. */
const LIVE: Readonly<Record<string, LiveKind>> = {
  '--topic': 'topics',
  topic: 'topics',
  '--coupon': 'campaigns',
  couponId: 'campaigns',
  '--group': 'groups',
  '--context': 'contexts',
  '--confirm-context': 'contexts',
  context: 'contexts',
};

const NOTHING: Completion = { kind: 'words', candidates: [] };

/** `words` are those behind the program's name, up to the cursor; the last may be empty. */
export function complete(program: Command, words: readonly string[]): Completion {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const isHelp = before[0] === 'help';
  const place = walk(program, isHelp ? before.slice(1) : before);
  const { awaiting } = place;
  if (awaiting !== null && !(awaiting.variadic && current.startsWith('-'))) {
    return optionValues(awaiting, '');
  }
  const inline = /^(--[^=]+=)/.exec(current)?.[1];
  if (inline !== undefined && !place.isOnlyArguments) {
    const option = findOption(place.command, inline.slice(0, -1));
    return option === undefined ? NOTHING : optionValues(option, inline);
  }
  if (current.startsWith('-') && !place.isOnlyArguments) {
    return { kind: 'words', candidates: optionNames(place.command, before) };
  }
  if (place.command.commands.length > 0) {
    return { kind: 'words', candidates: place.position > 0 ? [] : subcommands(place.command) };
  }
  return isHelp ? NOTHING : argumentValues(place.command, place.position);
}

interface Place {
  readonly command: Command;
  /** How many arguments the command has already. */
  readonly position: number;
  /** The option whose value comes next. */
  readonly awaiting: Option | null;
  /** Behind "--". */
  readonly isOnlyArguments: boolean;
}

function walk(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, position: 0, awaiting: null, isOnlyArguments: false };
  for (const word of words) place = step(place, word);
  return place;
}

function step(place: Place, word: string): Place {
  const { command, position, awaiting, isOnlyArguments } = place;
  const isOption = word.startsWith('-') && word !== '-' && !isOnlyArguments;
  if (awaiting !== null && !(awaiting.variadic && isOption)) {
    return { ...place, awaiting: awaiting.variadic ? awaiting : null };
  }
  if (word === '--') return { ...place, awaiting: null, isOnlyArguments: true };
  if (isOption) {
    const option = word.includes('=') ? undefined : findOption(command, word);
    const takesValue = option !== undefined && (option.required || option.optional);
    return { ...place, awaiting: takesValue ? option : null };
  }
  const subcommand = command.commands.find((each) => each.name() === word);
  return subcommand !== undefined && position === 0
    ? { ...place, command: subcommand }
    : { ...place, position: position + 1 };
}

/** Of the command and of all above it: global options may stand anywhere. */
function lineage(command: Command): readonly Command[] {
  return command.parent === null ? [command] : [command, ...lineage(command.parent)];
}

function findOption(command: Command, flag: string): Option | undefined {
  return lineage(command)
    .flatMap(({ options }) => options)
    .find(({ long, short }) => long === flag || short === flag);
}

/** What was given already is left out; --help is every command's, and offered once. */
function optionNames(command: Command, before: readonly string[]): readonly Candidate[] {
  const options = lineage(command)
    .flatMap((each) => each.createHelp().visibleOptions(each))
    .filter(({ long, hidden }) => long != null && !hidden && !before.includes(long))
    .map(({ long, description }) => [long ?? '', { value: long ?? '', description }] as const);
  return [...new Map(options).values()];
}

function subcommands(command: Command): readonly Candidate[] {
  const candidates = command.createHelp().visibleCommands(command);
  return candidates.map((each) => ({ value: each.name(), description: each.description() }));
}

function optionValues(option: Option, prefix: string): Completion {
  const { argChoices, flags } = option;
  if (argChoices !== undefined) return choices(argChoices, prefix);
  const live = LIVE[option.long ?? ''];
  if (live !== undefined) return { kind: 'live', live, prefix };
  if (/<(file|path|path\|url|store)>/.test(flags)) return { kind: 'files' };
  return flags.includes('<dir>') ? { kind: 'directories' } : NOTHING;
}

function argumentValues(command: Command, position: number): Completion {
  const last = command.registeredArguments.at(-1);
  const argument =
    command.registeredArguments[position] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return NOTHING;
  if (argument.argChoices !== undefined) return choices(argument.argChoices, '');
  const live = LIVE[argument.name()];
  return live === undefined ? NOTHING : { kind: 'live', live, prefix: '' };
}

function choices(values: readonly string[], prefix: string): Completion {
  const candidates = values.map((value) => ({ value: `${prefix}${value}`, description: '' }));
  return { kind: 'words', candidates };
}
