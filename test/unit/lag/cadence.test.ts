import { describe, expect, it } from 'vitest';
import type { LagReport } from '../../../src/lag/lag.js';
import { watch, type Look } from './recorded-lag.js';

const EVERY_SECONDS = 2;

/** A group of another program over so many seconds: 100 records a second come, `committedAt` says how far it is. */
function looks(seconds: number, committedAt: (atSeconds: number) => number): readonly Look[] {
  return Array.from({ length: seconds / EVERY_SECONDS + 1 }, (_unused, index) => {
    const atSeconds = index * EVERY_SECONDS;
    const end = 100_000 + atSeconds * 100;
    const partition = { committed: committedAt(atSeconds), end, clientId: 'orders-service' };
    return { atSeconds, partitions: [partition] };
  });
}

/** Keeps up, and commits once a minute. */
const onceAMinute = (atSeconds: number) => 99_950 + Math.floor(atSeconds / 60) * 6000;

/** What a watch shows at each of its looks. */
function reports(all: readonly Look[]): readonly LagReport[] {
  return all.map((_look, index) => watch(all.slice(0, index + 1)));
}

describe('a group of another program that commits once a minute', () => {
  it('is never called stalled, nor growing, while it keeps up', () => {
    const seen = reports(looks(400, onceAMinute));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['OK', 'CAUTION']));
    expect(seen.map(({ trend }) => trend)).not.toContain('growing');
  });

  it('has its rates from one commit to another', () => {
    const [last] = reports(looks(200, onceAMinute)).slice(-1);
    expect(last).toMatchObject({ trend: 'steady', inPerSecond: 100, outPerSecond: 100 });
  });

  it('is called stalled when it misses a commit', () => {
    const stopped = looks(320, (atSeconds) => onceAMinute(Math.min(atSeconds, 180)));
    const first = reports(stopped).findIndex(({ status }) => status === 'STALLED') * EVERY_SECONDS;
    expect(first).toBeGreaterThan(240);
    expect(first).toBeLessThanOrEqual(310);
  });

  it('is warned of when it falls behind', () => {
    const slow = looks(300, (atSeconds) => 99_950 + Math.floor(atSeconds / 60) * 3000);
    expect(reports(slow).at(-1)).toMatchObject({ status: 'WARNING', trend: 'growing' });
  });
});

describe('a group of another program of which no commit was seen', () => {
  it('is called stalled after two minutes, and no trend is given before', () => {
    const still = reports(looks(130, () => 99_950));
    const at = (seconds: number) => still[seconds / EVERY_SECONDS];
    expect(at(60)).toMatchObject({ status: 'CAUTION', trend: null });
    expect(at(118)).toMatchObject({ status: 'CAUTION' });
    expect(at(120)).toMatchObject({ status: 'STALLED' });
  });
});

describe('a group of another program that commits every five seconds', () => {
  const every5 = (atSeconds: number) => 99_950 + Math.floor(atSeconds / 5) * 500;

  it('is called stalled soon after it stops', () => {
    const stopped = looks(80, (atSeconds) => every5(Math.min(atSeconds, 40)));
    const first = reports(stopped).findIndex(({ status }) => status === 'STALLED') * EVERY_SECONDS;
    expect(first).toBeGreaterThanOrEqual(50);
    expect(first).toBeLessThanOrEqual(56);
  });

  it('is judged by the last twenty seconds', () => {
    const [last] = reports(looks(100, every5)).slice(-1);
    expect(last).toMatchObject({ trend: 'steady', inPerSecond: 100 });
  });
});

it('a member of ours is called stalled after ten seconds', () => {
  const ours = looks(20, () => 99_950).map(({ atSeconds, partitions }) => ({
    atSeconds,
    partitions: partitions.map((each) => ({ ...each, clientId: 'coupons-batch-1' })),
  }));
  const first = reports(ours).findIndex(({ status }) => status === 'STALLED') * EVERY_SECONDS;
  expect(first).toBe(10);
});
