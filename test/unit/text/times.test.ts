import { describe, expect, test } from 'vitest';
import { clockTime, timeAt, timesAt, utcMinute, utcSecond } from '../../../src/text/times.js';

const NOW = Date.UTC(2026, 10, 27, 2, 5, 9);
const TODAY = Date.UTC(2026, 10, 27, 0, 0, 0);
const YESTERDAY = Date.UTC(2026, 10, 26, 23, 59, 59);
const LAST_YEAR = Date.UTC(2025, 11, 31, 23, 59, 59);
/** The last that a Date can hold: its year has six digits. */
const LAST_MS = 8.64e15;

describe('times at a moment', () => {
  test('are the time of day where all are of today', () => {
    const time = timesAt(NOW, [NOW, TODAY]);
    expect([NOW, TODAY].map(time)).toEqual(['02:05:09', '00:00:00']);
  });

  test('all have the day where one is of yesterday, and the year where one is of another year', () => {
    expect([NOW, YESTERDAY].map(timesAt(NOW, [NOW, YESTERDAY]))).toEqual([
      '11-27 02:05:09',
      '11-26 23:59:59',
    ]);
    expect([NOW, LAST_YEAR].map(timesAt(NOW, [NOW, LAST_YEAR]))).toEqual([
      '2026-11-27 02:05:09',
      '2025-12-31 23:59:59',
    ]);
  });

  test('have the year on the same date of another year', () => {
    const yearAgo = Date.UTC(2025, 10, 27, 2, 5, 9);
    expect(timeAt(NOW, yearAgo)).toBe('2025-11-27 02:05:09');
  });

  test('have the day of a time that is still to come', () => {
    expect(timeAt(NOW, Date.UTC(2026, 10, 28))).toBe('11-28 00:00:00');
  });

  test('of nothing are the time of day', () => {
    expect(timesAt(NOW, [])(NOW)).toBe('02:05:09');
  });

  test('are as long as they are spelled', () => {
    expect(timesAt(NOW, [TODAY], utcMinute)(TODAY)).toBe('00:00');
    expect(timesAt(NOW, [LAST_YEAR], utcMinute)(TODAY)).toBe('2026-11-27 00:00');
  });

  test('are whole where it is not known when they are read', () => {
    expect(timesAt(null, [NOW])(NOW)).toBe('2026-11-27 02:05:09');
  });

  test('are whole in a year of six digits', () => {
    expect(utcSecond(LAST_MS)).toBe('+275760-09-13 00:00:00');
    expect(clockTime(LAST_MS)).toBe('00:00:00');
    expect(timeAt(NOW, LAST_MS)).toBe('+275760-09-13 00:00:00');
  });
});
