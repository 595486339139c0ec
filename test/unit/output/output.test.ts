import { describe, expect, it } from 'vitest';
import {
  isoTime,
  Output,
  toJson,
  type OutputOptions,
  type Terminal,
} from '../../../src/output/output.js';

function outputs(options: Partial<OutputOptions> & { readonly isTTY?: boolean } = {}) {
  const written = { stdout: '', stderr: '' };
  const terminal = (name: 'stdout' | 'stderr') => ({
    isTTY: options.isTTY ?? false,
    columns: 100,
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const output = new Output({
    format: 'table',
    color: true,
    quiet: false,
    verbose: false,
    stdout: terminal('stdout'),
    stderr: terminal('stderr'),
    ...options,
  });
  return { output, written };
}

describe('colour', () => {
  it('is there on a terminal only, and not where it is unwanted', () => {
    expect(outputs({ isTTY: true }).output.paint.red('x')).toBe('\u001B[31mx\u001B[39m');
    expect(outputs().output.paint.red('x')).toBe('x');
    expect(outputs({ isTTY: true, color: false }).output.paint.red('x')).toBe('x');
  });

  it('is in no warning into a pipe', () => {
    const { output, written } = outputs();
    output.warn('careful');
    expect(written.stderr).toBe('warning: careful\n');
  });
});

describe('stdout and stderr', () => {
  it('carry data and talk', () => {
    const { output, written } = outputs();
    output.result({ a: 1 }, () => 'A  1');
    output.note('by the way');
    output.detail('in detail');
    expect(written).toEqual({ stdout: 'A  1\n', stderr: 'by the way\n' });
  });

  it('carry nothing that steers a terminal, in JSON as well, and the JSON says the same', () => {
    const { output, written } = outputs({ format: 'json', isTTY: true });
    const hostile = { '\u009B31m': '\u001B[2J \u007F \u202E 한글 é', lines: 'a\nb' };
    output.result(hostile, () => 'never');
    expect(written.stdout).toMatch(/^[\n -~é한글]*$/);
    expect(written.stdout).toContain('  "lines": "a\\nb"\n');
    expect(JSON.parse(written.stdout)).toEqual(hostile);
  });

  it('let nothing that came from elsewhere steer the terminal', () => {
    const { output, written } = outputs();
    output.failure('No topic \u001B]0;title\u0007 here,\nnor \u009B31m there.', null);
    expect(written.stderr).toBe('error: No topic �]0;title� here,\nnor �31m there.\n');
  });

  it('carry one JSON document, with offsets as strings, where JSON is asked for', () => {
    const { output, written } = outputs({ format: 'json' });
    output.result({ offset: 5n }, () => 'never');
    expect(JSON.parse(written.stdout)).toEqual({ offset: '5' });
  });

  it('are silent but for warnings where quiet is asked for', () => {
    const { output, written } = outputs({ quiet: true });
    output.note('by the way');
    output.warn('careful');
    expect(written.stderr).toBe('warning: careful\n');
  });

  it('say more where verbose is asked for', () => {
    const { output, written } = outputs({ verbose: true });
    output.detail('in detail');
    expect(written.stderr).toBe('in detail\n');
  });
});

it('the width is that of the terminal; a pipe has none', () => {
  expect(outputs({ isTTY: true }).output.columns).toBe(100);
  expect(outputs().output.columns).toBe(Infinity);
});

describe('a long sentence on stderr', () => {
  const sentence = 'The group has read nothing yet. '.repeat(5).trim();

  it('is broken at the width of a terminal, under its first word', () => {
    const { output, written } = outputs({ isTTY: true, color: false });
    output.failure(sentence, 'Run `coupons consume --concurrency 3` and wait.');
    expect(Math.max(...written.stderr.split('\n').map(({ length }) => length))).toBeLessThan(101);
    expect(written.stderr).toMatch(/^error: The group .*\n {2}\S.*\n {2}hint: Run `coupons/);
  });

  it('stays whole in a pipe', () => {
    const { output, written } = outputs();
    output.note(sentence);
    expect(written.stderr).toBe(`${sentence}\n`);
  });
});

it('a terminal that can not take back what it shows has no live line', () => {
  expect(outputs({ isTTY: true, isDumb: true }).output.isLive).toBe(false);
  expect(outputs({ isTTY: true, color: false }).output.isLive).toBe(true);
});

it('a terminal that tells no width is 80 columns wide, and has no live line', () => {
  const sized = (columns: number): Terminal => ({ isTTY: true, columns, write: () => true });
  const unsized = outputs({ stdout: sized(0), stderr: sized(0) }).output;
  expect([unsized.columns, unsized.isLive]).toEqual([80, false]);
  const known = outputs({ stdout: sized(90), stderr: sized(90) }).output;
  expect([known.columns, known.isLive]).toEqual([90, true]);
});

it('times are ISO 8601 UTC, or null', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(isoTime(null)).toBeNull();
});

it('JSON of one line has no line break', () => {
  expect(toJson({ a: [1, 2n] }, 0)).toBe('{"a":[1,"2"]}');
});
