import { describe, expect, it } from 'vitest';
import { percent } from '../../../../src/serve/web/format/percent.js';
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

  it('never rounds to nothing or to all', () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(['0%', '<1%', '50%', '>99%', '100%']);
  });
});
