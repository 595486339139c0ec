/** The program as main.ts builds it, with nothing behind it: for tests of what it declares. */
import type { Command } from 'commander';
import { leavesOf } from '../../../src/cli/help/commands-page.js';
import { buildProgram } from '../../../src/cli/program.js';
import { OutputStream } from '../../../src/output/stream.js';
import { Signals } from '../../../src/signals.js';
import { FakeStream } from './fake-stream.js';

export function declaredProgram(): Command {
  return buildProgram({
    signals: new Signals(() => undefined),
    stdout: new OutputStream(new FakeStream(), null),
    stderr: new OutputStream(new FakeStream(), null),
    result: undefined,
    format: undefined,
  });
}

/** Parses a command line by a program whose commands do nothing; throws what is wrong with it. */
export function understand(args: readonly string[]): void {
  const understanding = declaredProgram();
  for (const command of leavesOf(understanding)) command.action(() => undefined);
  understanding.parse(args, { from: 'user' });
}
