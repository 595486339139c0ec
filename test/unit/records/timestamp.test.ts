import { describe, expect, it } from 'vitest';
import { mistakenUnit, usableInstantMs } from '../../../src/records/timestamp.js';

const NOW = Date.UTC(2026, 10, 27);

describe('a timestamp that is to be shown', () => {
  it.each([NOW, 1e12, NOW + 1e12, 1e15 - 1])('is an instant: %d', (timestampMs) => {
    expect(usableInstantMs(timestampMs)).toBe(timestampMs);
    expect(mistakenUnit(timestampMs)).toBeNull();
  });

  it.each([-1, 0, -9e18, 86_400_000, NOW / 1000, NOW * 1000, NOW * 1e6, 1e18, 2 ** 63])(
    'is none: %d',
    (timestampMs) => {
      expect(usableInstantMs(timestampMs)).toBeNull();
    },
  );

  it('shows in which unit a producer has written it', () => {
    expect(mistakenUnit(NOW / 1000)).toBe('seconds');
    expect(mistakenUnit(NOW * 1000)).toBe('microseconds');
    expect(mistakenUnit(NOW * 1e6)).toBe('nanoseconds');
    for (const unclear of [-1, 0, 1000, -NOW / 1000, -9e18]) {
      expect(mistakenUnit(unclear)).toBeNull();
    }
  });
});
