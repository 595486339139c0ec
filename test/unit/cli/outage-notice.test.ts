import { describe, expect, it } from 'vitest';
import { OutageNotice } from '../../../src/cli/outage-notice.js';
import { Output } from '../../../src/output/output.js';

/** What a notice says in a pipe, or draws on a terminal, as time passes. */
function noticed({ isDrawn = false } = {}) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) > 0 };
  const output = new Output({
    format: 'table',
    color: false,
    quiet: false,
    verbose: false,
    stdout: stream,
    stderr: stream,
  });
  const time = { nowMs: 1_000_000 };
  const draw = isDrawn ? (text: string) => void written.push(text) : null;
  const notice = new OutageNotice(output, () => time.nowMs, draw);
  const after = (ms: number, reason: string | null) => {
    time.nowMs += ms;
    if (reason === null) notice.over();
    else notice.failed(reason);
    return written.splice(0).join('');
  };
  return { after, notice };
}

describe('an outage, as a long-running command reports it', () => {
  it('is said at once, once a minute, and when it is over', () => {
    const { after } = noticed();
    expect(after(0, 'No broker answers')).toBe('warning: No broker answers. Retrying.\n');
    expect(after(500, 'No broker answers')).toBe('');
    expect(after(59_000, 'No broker answers')).toBe('');
    expect(after(600, 'No broker answers')).toBe(
      'warning: No broker answers. Retrying for 1 min 0 s.\n',
    );
    expect(after(400, null)).toBe('It works again after 1 min 1 s.\n');
    expect(after(1000, null)).toBe('');
    expect(after(0, 'No broker answers')).toBe('warning: No broker answers. Retrying.\n');
  });

  it('is said with a new reason, but not each time when two reasons alternate', () => {
    const { after } = noticed();
    after(0, 'Reason 1.');
    expect(after(1000, 'Reason 2.')).toBe('');
    expect(after(5000, 'Reason 2.')).toBe('warning: Reason 2. Retrying for 6 s.\n');
    expect(after(1000, 'Reason 1.')).toBe('');
  });

  it('is drawn after each attempt, with how long it has lasted', () => {
    const { after, notice } = noticed({ isDrawn: true });
    expect(after(0, 'No broker answers.')).toBe('retrying: No broker answers.');
    expect(after(14_200, 'No broker answers.')).toBe('retrying for 14 s: No broker answers.');
    expect(notice.text).toBe('retrying for 14 s: No broker answers.');
    expect(after(1000, null)).toBe('');
    expect(notice.text).toBeNull();
  });
});
