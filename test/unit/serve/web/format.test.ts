import { describe, expect, it } from 'vitest';
import { axisDurationIn } from '../../../../src/serve/web/format/axis-duration.js';
import { clockOf } from '../../../../src/serve/web/format/time.js';

const AT_MS = Date.UTC(2020, 10, 27, 15, 4, 9);

describe('figures on the page', () => {
  it('tells instants in the zone of the viewer, by 24 hours, and which zone that is', () => {
    const clock = clockOf('en', 'Asia/Seoul');
    expect(clock.time(AT_MS)).toBe('00:04:09');
    expect(clock.dateTime(AT_MS)).toContain('Nov 28, 2020');
    expect(clock.zone).toBe('Asia/Seoul (GMT+9)');
    expect(clockOf('ko', 'UTC').dateTime(AT_MS)).toContain('11월 27일');
  });

  it('gives an axis short durations, no two of them alike', () => {
    const units = { ms: ' ms', seconds: ' s', minutes: ' min' };
    expect([0, 500, 1000, 2500, 60_000, 150_000].map((ms) => axisDurationIn(units, ms))).toEqual([
      ...['0 ms', '500 ms', '1 s', '2.5 s', '60 s', '2.5 min'],
    ]);
  });
});
