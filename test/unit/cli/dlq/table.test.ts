import { describe, expect, it } from 'vitest';
import {
  drawLetters,
  drawLine,
  drawLineHead,
  drawWhole,
} from '../../../../src/cli/dlq/draw-letters.js';
import { Output } from '../../../../src/output/output.js';
import { readDeadLetter } from '../../../../src/dead-letters/read.js';

const NOW = Date.UTC(2026, 10, 23);
const terminal = { isTTY: true, columns: 80, write: () => true };
const output = new Output({
  format: 'table',
  color: false,
  quiet: false,
  verbose: false,
  stdout: terminal,
  stderr: terminal,
});

function letter(reason: string, value: string) {
  return readDeadLetter({
    topic: 'dlq',
    partition: 0,
    offset: 123_456_789n,
    timestamp: BigInt(Date.UTC(2026, 10, 22, 12)),
    key: Buffer.from('1'),
    value: Buffer.from(value),
    headers: {
      'coupon-dlq-reason': Buffer.from(reason),
      'coupon-dlq-origin-topic': Buffer.from('coupon-issue-requests'),
      'coupon-dlq-origin-partition': Buffer.from('12'),
      'coupon-dlq-origin-offset': Buffer.from('123456789'),
    },
  });
}

const letters = [
  { letter: letter('UNKNOWN_EVENT_TYPE', 'x'.repeat(500)), mark: { kind: 'waiting' } },
  {
    letter: letter('A_VERY_LONG_NAME_OF_SOME_JAVA_EXCEPTION', '\u001b[2J\u202eevil\nnew line'),
    mark: { kind: 'replayed', atMs: Date.UTC(2026, 10, 22, 13) },
  },
] as const;

// eslint-disable-next-line no-control-regex -- they are what must not be there
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

describe('dead letters on a terminal of 80 columns', () => {
  it('fit it, a line each, and the last one says which command shows the full values', () => {
    const drawn = drawLetters(output, letters, NOW).split('\n');
    const lines = [
      ...drawn,
      drawLineHead(output),
      ...letters.map((each) => drawLine(output, each)),
    ];
    expect(drawn.slice(3).join(' ')).toBe(
      'To fit: FAILURE cut; COUPON/USER left out. Run `coupons dlq show` for the full   value.',
    );
    expect(lines).toHaveLength(8);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('say whether they were replayed, and when', () => {
    const [first = '', second = ''] = drawLetters(output, letters, NOW).split('\n').slice(1);
    expect(first).toMatch(/UNKNOWN_EVENT_TYPE +no /);
    expect(second).toMatch(/… +yes /);
    const whole = letters.map((each) => drawWhole(output, each));
    expect(whole[0]).toMatch(/^replayed +no$/m);
    expect(whole[1]).toMatch(/^replayed +2026-11-22 13:00:00 UTC$/m);
    const unknown = { letter: letters[0].letter, mark: { kind: 'unknown' } } as const;
    expect(drawWhole(output, unknown)).toMatch(/^replayed +-$/m);
    expect(drawLetters(output, [unknown], NOW)).toMatch(/UNKNOWN_EVENT_TYPE +- /);
  });

  it('have the day where it is not today, and the year where it is not this one', () => {
    const timeAt = (nowMs: number) => drawLetters(output, letters, nowMs).split('\n')[1];
    expect(timeAt(Date.UTC(2026, 10, 22, 14))).toMatch(/^0:123456789 {2}12:00:00 {2}/);
    expect(timeAt(NOW)).toMatch(/^0:123456789 {2}11-22 12:00:00 {2}/);
    expect(timeAt(Date.UTC(2027, 0, 1))).toMatch(/^0:123456789 {2}2026-11-22 12:00:00 {2}/);
  });

  it('stand below the titles of a stream', () => {
    const head = drawLineHead(output);
    for (const { letter: read, mark } of letters) {
      const line = drawLine(output, { letter: { ...read, offset: 17n }, mark });
      expect(line.slice(head.indexOf('REPLAYED') - 2)).toMatch(/^ {2}(yes|no) /);
      expect(line.slice(head.indexOf('FAILURE') - 2)).toMatch(/^ {2}value: /);
    }
  });

  it('can’t steer it', () => {
    const drawn = [
      drawLetters(output, letters, NOW),
      ...letters.map((each) => drawWhole(output, each)),
    ];
    for (const text of drawn) expect(text).not.toMatch(STEERING);
    expect(drawn[2]).toContain('[2J');
  });
});

describe('dead letters on a terminal of 120 columns', () => {
  const wide = { ...terminal, columns: 120 };
  const shown = new Output({
    ...{ format: 'table', color: false, quiet: false, verbose: false },
    ...{ stdout: wide, stderr: wide },
  });

  it('name who asked, as far as it can be read', () => {
    const about = (value: string) => letter('OUT_OF_RANGE', value);
    const rows = drawLetters(
      shown,
      [
        '{"couponId":7,"userId":42}',
        '{"couponId":7}',
        'garbage',
        '{"eventId":5,"couponId":7,"userId":43}',
        '{"userId":44,',
      ].map((value) => ({ letter: about(value), mark: { kind: 'waiting' } })),
      NOW,
    );
    expect(
      rows.split('\n').map((row) => row.slice(rows.indexOf('COUPON/USER')).split(' ')[0]),
    ).toEqual(['COUPON/USER', '7/42', '7/-', '1/-', '7/43', '1/44']);
    for (const line of rows.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });
});
