import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { examplesOf } from '../../../src/cli/command.js';
import { commandsPage, leavesOf } from '../../../src/cli/help/commands-page.js';
import { declaredProgram } from '../../support/command-line/program.js';

const program = declaredProgram();
const leaves = leavesOf(program);

test('docs/commands.md is what `npm run docs:commands` makes of the program', () => {
  const page = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8');
  expect(page).toBe(commandsPage(program));
});

test('no line of any help is longer than 80 columns', () => {
  for (const command of [program, ...leaves]) {
    let help = '';
    command.configureOutput({
      getOutHelpWidth: () => 80,
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    expect(help).toContain('Examples:');
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
});

test.each(leaves.map((command) => [command.parent?.name(), command.name(), command] as const))(
  'the help of %s %s has a description and examples that run it',
  (_parent, _name, command) => {
    expect(command.description()).not.toBe('');
    expect(examplesOf(command)).not.toEqual([]);
    expect(examplesOf(command).map(([line]) => line)).toEqual(
      expect.arrayContaining([expect.stringContaining(command.name())]),
    );
  },
);
