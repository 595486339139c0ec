import { describe, expect, it, test } from 'vitest';
import { inSeconds } from '../../../src/kafka/client/seconds.js';
import { silenceLimitMs, SilenceTimeouts } from '../../../src/kafka/client/silence-timeout.js';

describe('a broker that has hung', () => {
  it('is given less time, and asked last, until Kafka has had the time to see it', () => {
    let nowMs = 5;
    const timeout = new SilenceTimeouts(3000, () => nowMs);
    expect(timeout.limitMs('a:1')).toBe(3000);
    timeout.onHanging('a:1');
    expect(timeout.limitMs('a:1')).toBe(1000);
    expect(timeout.limitMs('b:1')).toBe(3000);
    expect(timeout.inOrder(['a:1', 'b:1'])).toEqual(['b:1', 'a:1']);
    nowMs += 10_000;
    expect(timeout.limitMs('a:1')).toBe(3000);
  });
});

test('two brokers that hang leave time to ask a third one, however short --timeout is', () => {
  for (const timeoutMs of [500, 2000, 10_000, 300_000]) {
    expect(2 * silenceLimitMs(timeoutMs)).toBeLessThan(timeoutMs * 0.7);
  }
  const timeout = new SilenceTimeouts(silenceLimitMs(2000));
  timeout.onHanging('a:1');
  expect(timeout.limitMs('a:1')).toBe(silenceLimitMs(2000));
});

test.each([
  [10_000 / 3, '3.3 s'],
  [10_000, '10 s'],
  [125_000, '125 s'],
  [2500, '2.5 s'],
  [200, '0.2 s'],
])('a limit of %d ms is %s', (ms, text) => {
  expect(inSeconds(ms)).toBe(text);
});
