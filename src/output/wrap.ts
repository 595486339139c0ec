import { displayWidth } from './width.js';

/** What is never broken in a sentence: a word, and a command in backticks. */
const WORD = /(?:`[^`]*`|\S)+/g;
/** The same in a command line: an option stays with its value. */
const ARGUMENT = /(?:--?[\w-]+ (?!-))?(?:\\.|'[^']*'|"[^"]*"|\S)+/g;

/**
 * Breaks plain text at spaces into lines of at most `width`; a longer word has a line to itself.
 * Every line but the first begins with `indent`.
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const lead = / */.exec(text)?.[0] ?? '';
  const [first = '', ...more] = text.match(WORD) ?? [];
  return filled([lead + first, ...more], width, lead + indent, ' ');
}

/** A sentence on as many lines as it needs, with a hanging indent. */
export function wrapped(text: string, columns: number): string {
  return wrap(text, columns, '  ').join('\n');
}

/** A command on as many lines as it needs; ` \` at their ends, so that it can still be pasted. */
export function wrappedCommand(command: string, columns: number): string {
  if (displayWidth(command) <= columns) return command;
  const going = ' \\';
  const width = columns - going.length;
  const parts = (command.match(ARGUMENT) ?? []).flatMap((part) =>
    // An option leaves its value only where both do not fit on a line.
    displayWidth(`  ${part}`) <= width ? [part] : optionAndValue(part),
  );
  return filled(parts, width, '  ', ' ').join(`${going}\n`);
}

/** A command as it is to be typed, behind its prompt, on as many lines as it needs. `paint`: each of them. */
export function promptedCommand(
  command: string,
  columns: number,
  indent: string,
  paint: (line: string) => string = (line) => line,
): readonly string[] {
  const lines = wrappedCommand(`$ ${command}`, columns - indent.length).split('\n');
  return lines.map((line) => indent + paint(line));
}

/** An argument that is no option stays whole. */
function optionAndValue(argument: string): readonly string[] {
  const [, option, value] = /^(--?[\w-]+) (.*)$/.exec(argument) ?? [];
  return option === undefined || value === undefined ? [argument] : [option, value];
}

/** Ours and Kafka's may be long, and may come after what there is to know before. */
const COMMAND = /^(?:(.*: ))?((?:coupons|kafka-[a-z-]+) .*)$/;

/** A fix: a command, words and a command, or words alone. */
export function wrappedRemedy(text: string, columns: number): string {
  const [, words = '', command] = COMMAND.exec(text) ?? [];
  if (command === undefined || displayWidth(text) <= columns) return wrapped(text, columns);
  const lines = words === '' ? [] : [wrapped(words.trimEnd(), columns)];
  return [...lines, wrappedCommand(command, columns)].join('\n');
}

/** Facts beside each other, two spaces apart; those that do not fit on the next line. May be coloured. */
export function facts(parts: readonly string[], columns: number): string {
  return filled(parts, columns, '  ', '  ').join('\n');
}

/** Parts that stay whole, with commas between them. */
export function listed(parts: readonly string[], columns: number): string {
  const last = parts.length - 1;
  const all = parts.map((part, index) => (index < last ? `${part},` : part));
  return filled(all, columns, '  ', ' ').join('\n');
}

function filled(
  parts: readonly string[],
  width: number,
  indent: string,
  gap: string,
): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(part);
    else if (displayWidth(line + gap + part) <= width) lines[lines.length - 1] = line + gap + part;
    else lines.push(indent + part);
  }
  return lines;
}
