/** ctrl-Z and fg in a real shell, windows that are tiny, and windows that change their size. */
import { beforeAll, describe, expect, it } from 'vitest';
import { executable } from '../../support/command-line/cli.js';
import { usePipeline } from '../../support/pipeline.js';
import { couponsOn, keys, Terminal } from '../../support/command-line/terminal.js';

const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;
const pipeline = usePipeline();
beforeAll(() => pipeline.reset());

const env = () => ({
  ...{ COUPONS_BROKERS: pipeline.brokers, COUPONS_DATA_DIR: pipeline.dataDir },
});

/** A shell with job control, as a person has it. */
async function shell(): Promise<Terminal> {
  const terminal = new Terminal(['env', 'PS1=shell> ', 'bash', '--norc', '-i'], ':', {
    env: env(),
  });
  await terminal.waitFor(/^shell>/m);
  return terminal;
}

const typed = (args: string) => `${process.execPath} ${executable} ${args}${keys.enter}`;
const CTRL_Z = '\u001a';

describe('ctrl-Z gives the terminal to the shell, and fg draws again', () => {
  it('while lag is watched', async () => {
    const terminal = await shell();
    terminal.type(typed('lag --watch --interval 600'));
    await terminal.waitFor(() => terminal.isAlternate);
    await terminal.waitFor(/ctrl-C ends/);
    terminal.type(CTRL_Z);
    await terminal.waitFor(/Stopped/);
    expect(terminal.isAlternate).toBe(false);
    expect(terminal.isCursorVisible).toBe(true);

    terminal.type(`fg${keys.enter}`);
    await terminal.waitFor(() => terminal.isAlternate);
    // At once, not at the next look.
    await terminal.waitFor(/ctrl-C ends/);
    terminal.type(keys.ctrlC);
    await terminal.waitFor(() => !terminal.isAlternate);
    terminal.type(`exit${keys.enter}`);
    expect(await terminal.exit()).toBe(0);
  });

  it('while a group is observed', async () => {
    const terminal = await shell();
    terminal.type(typed('advise --observe 60'));
    await terminal.waitFor(/s left/);
    terminal.type(CTRL_Z);
    await terminal.waitFor(/Stopped/);
    expect(terminal.isCursorVisible).toBe(true);
    expect(terminal.screen.join('\n')).not.toMatch(SPINNER);

    terminal.type(`fg${keys.enter}`);
    await terminal.waitFor(SPINNER);
    terminal.type(keys.ctrlC);
    await terminal.waitFor(() => terminal.isCursorVisible);
    terminal.type(`exit 0${keys.enter}`);
    expect(await terminal.exit()).toBe(0);
  });
});

it('a live line leaves nothing behind when its window changes its size', async () => {
  const terminal = couponsOn(['advise', '--observe', '60'], { env: env(), columns: 80 });
  await terminal.waitFor(/s left/);
  for (const columns of [30, 20, 60, 25]) {
    terminal.resize(columns, 24);
    const before = terminal.raw.length;
    await terminal.waitFor(() => terminal.raw.length > before + 200);
    await terminal.waitFor(() => terminal.screen.filter((line) => line !== '').length === 1);
  }
  terminal.type(keys.ctrlC);
  expect(await terminal.exit()).toBe(130);
});

it('a watch works in a window of 20 columns and 5 rows', async () => {
  const size = { columns: 20, rows: 5 };
  const terminal = couponsOn(['lag', '--watch', '--interval', '0.2'], { env: env(), ...size });
  await terminal.waitFor(/^coupon-issue-/m);
  await terminal.waitFor(/^\d{4}-\d{2}-\d{2} \d\d/m);
  expect(terminal.wrapped).toEqual(new Set());
  terminal.type(keys.ctrlC);
  expect(await terminal.exit()).toBe(0);
});
