import { expect, test } from 'vitest';
import { leavesOf } from '../../../../src/cli/help/commands-page.js';
import { pathOf } from '../../../../src/cli/command.js';
import {
  CHANGING,
  CHANGING_THIS_MACHINE,
  NOT_GUARDED,
  READING,
} from '../../../support/command-line/changing-commands.js';
import { declaredProgram } from '../../../support/command-line/program.js';

test('of each command it is known whether it changes a cluster or its store', () => {
  const commands = leavesOf(declaredProgram()).map((command) => pathOf(command).join(' '));
  const known = [...CHANGING, ...CHANGING_THIS_MACHINE, ...READING, ...NOT_GUARDED];
  expect(commands.filter((command) => !known.includes(command))).toEqual([]);
});
