/** What the docs and the help tell people to type is something that the program understands. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { examplesOf } from '../../../src/cli/command.js';
import { leavesOf } from '../../../src/cli/help/commands-page.js';
import { declaredProgram, understand } from '../../support/command-line/program.js';

const root = new URL('../../../', import.meta.url);

/** contract.md is written as usage; commands.md is made of the help (commands-page.test.ts). */
const NOT_TO_BE_TYPED = ['docs/contract.md', 'docs/commands.md'];

const pages = ['README.md', 'README.ko.md', ...readdirSync(new URL('docs/', root)).map(inDocs)]
  .filter((page) => page.endsWith('.md') && !NOT_TO_BE_TYPED.includes(page))
  .map((page) => [page, commandsOf(readFileSync(new URL(page, root), 'utf8'))] as const)
  .filter(([, commands]) => commands.length > 0);

function inDocs(file: string): string {
  return `docs/${file}`;
}

/** The lines of fenced blocks that are a command, and those with options that a sentence names. */
function commandsOf(page: string): readonly string[] {
  const fences = /^```.*\n([^]*?)^```$/gm;
  const typed = [...page.matchAll(fences)].flatMap(([, block = '']) =>
    // A backslash at its end takes a command on to the next line.
    [...block.replaceAll(/ \\\n */g, ' ').matchAll(/^ *(?:\$ )?(coupons .*)$/gm)],
  );
  // Without options it may only be a name; with a placeholder it is no command yet.
  const mentioned = page.replaceAll(fences, '').matchAll(/`(coupons [a-z][^`<]* -[^`<]*)`/g);
  return [...typed, ...mentioned].map(([, command = '']) => command);
}

/** As a shell would see it: without quotes, comment, pipe and redirection. What `$(...)` gives is a part of its word. */
function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|((?:\$\([^)]*\)|\S)+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
  const end = words.findIndex((word) => ['#', '|', '>', '&&'].includes(word));
  return words.slice(1, end === -1 ? undefined : end);
}

function understandLine(line: string): void {
  understand(wordsOf(line));
}

test.each(pages)('every command in %s is one', (_page, commands) => {
  for (const line of commands) expect(() => understandLine(line), line).not.toThrow();
});

test('every example of the help is a command', () => {
  const examples = [declaredProgram(), ...leavesOf(declaredProgram())].flatMap(examplesOf);
  expect(examples.length).toBeGreaterThan(0);
  for (const [example] of examples) {
    const [line] = /coupons [^)]*/.exec(example) ?? [];
    if (line !== undefined) expect(() => understandLine(line), line).not.toThrow();
  }
});

test.each(['coupons lag --wach', 'coupons dlq peak', 'coupons topics alter', 'coupons lag now'])(
  '%s would be found',
  (line) => {
    expect(() => understandLine(line)).toThrow();
  },
);
