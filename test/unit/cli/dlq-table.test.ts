import { describe, expect, it } from 'vitest';
import { drawLetters, drawLine, drawWhole } from '../../../src/cli/dlq/draw-letters.js';
import { Output } from '../../../src/output/output.js';
import { readDeadLetter } from '../../../src/dead-letters/read.js';

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
  letter('UNKNOWN_EVENT_TYPE', 'x'.repeat(500)),
  letter('A_VERY_LONG_NAME_OF_SOME_JAVA_EXCEPTION', '\u001b[2J\u202eevil\nnew line'),
];

// eslint-disable-next-line no-control-regex -- they are what must not be there
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

describe('dead letters on a terminal of 80 columns', () => {
  it('fit it, a line each, and the last one says which command shows the full values', () => {
    const lines = [
      ...drawLetters(output, letters).split('\n'),
      ...letters.map((each) => drawLine(output, each)),
    ];
    expect(lines).toHaveLength(6);
    expect(lines[3]).toBe('To fit: ABOUT cut. Run `coupons dlq show` for the full value.');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('can’t steer it', () => {
    const drawn = [drawLetters(output, letters), ...letters.map((each) => drawWhole(output, each))];
    for (const text of drawn) expect(text).not.toMatch(STEERING);
    expect(drawn[2]).toContain('[2J');
  });
});
