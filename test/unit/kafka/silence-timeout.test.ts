import { describe, expect, it } from 'vitest';
import { SilenceTimeouts } from '../../../src/kafka/client/silence-timeout.js';

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
