import { EventEmitter } from 'node:events';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { duration } from '../../../src/text/figures.js';
import { openScreen } from '../../../src/output/screen.js';
import { sparkline } from '../../../src/output/sparkline.js';

class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly rows = 3;
  readonly columns = 80;
  written: string[] = [];

  write(text: string): boolean {
    this.written.push(text);
    return true;
  }
}

const open = (terminal: object, env = {}) => openScreen(terminal as WriteStream, env);

describe('a screen that is drawn again and again', () => {
  it('is not opened in a pipe, nor on a terminal that can not', () => {
    expect(open({ isTTY: false })).toBeNull();
    expect(open(new FakeTerminal(), { TERM: 'dumb' })).toBeNull();
  });

  it('draws a frame in one write, over the last one, and no more than fits above its footer', () => {
    const terminal = new FakeTerminal();
    const screen = open(terminal);
    terminal.written = [];
    screen?.draw('one\ntwo\nthree\nfour', 'last');
    expect(terminal.written).toEqual([
      '\u001b[Hone\u001b[K\r\ntwo\u001b[K\r\nlast\u001b[K\u001b[J',
    ]);
    screen?.close();
  });

  it('cuts a line that is longer than the terminal', () => {
    const terminal = new FakeTerminal();
    const screen = open(terminal);
    terminal.written = [];
    screen?.draw('x'.repeat(81), '');
    expect(terminal.written.join('')).toContain(`${'x'.repeat(79)}…\u001b[K`);
    screen?.close();
  });

  it('gives the cursor back when it is closed, and asks nothing more of the terminal', () => {
    const terminal = new FakeTerminal();
    const before = process.listenerCount('exit');
    const screen = open(terminal);
    screen?.onResize(() => undefined);
    expect(terminal.written.join('')).toContain('\u001b[?25l');
    screen?.close();
    screen?.draw('an answer that came late', '');
    expect(terminal.written.at(-1)).toBe('\u001b[?25h\u001b[?1049l');
    expect(terminal.listenerCount('resize')).toBe(0);
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('gives the cursor back however the process ends', () => {
    const terminal = new FakeTerminal();
    const known = new Set(process.listeners('exit'));
    const screen = open(terminal);
    for (const listener of process.listeners('exit')) if (!known.has(listener)) listener(0);
    expect(terminal.written.at(-1)).toContain('\u001b[?25h');
    screen?.close();
  });
});

describe('what a watch draws', () => {
  it('is a line of bars, where something never looks like nothing', () => {
    expect(sparkline([0, 1, 500, 1000])).toBe('▁▂▅█');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([])).toBe('');
  });

  it('says durations in units that people use', () => {
    expect([850, 3200, 59_999, 250_000, 7_500_000, 604_800_000].map(duration)).toEqual([
      '850 ms',
      '3.2 s',
      '1 min 0 s',
      '4 min 10 s',
      '2 h 5 min',
      '7 days',
    ]);
  });
});
