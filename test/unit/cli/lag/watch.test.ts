import { describe, expect, it } from 'vitest';
import type { LagReport } from '../../../../src/lag/lag.js';
import type { LagSample } from '../../../../src/ports/lag-sample.js';
import { slideWindow } from '../../../../src/lag/window.js';
import { recorded, sample, watch } from '../../lag/recorded-lag.js';

describe('a watch on the lag', () => {
  it('warns while the lag rises, and tells in and out', () => {
    const report = watch(
      recorded([
        [0, 50],
        [100, 300],
        [200, 550],
        [300, 800],
        [400, 1050],
        [500, 1300],
        [600, 1550],
      ]),
    );
    expect(report).toMatchObject({
      totalLag: 950,
      status: 'WARNING',
      trend: 'growing',
      inPerSecond: 125,
      outPerSecond: 50,
      etaSeconds: null,
    });
  });

  it('does not warn before it has watched for ten seconds', () => {
    const rising = recorded([
      [0, 50],
      [100, 300],
      [200, 550],
      [300, 800],
    ]);
    expect(watch(rising)).toMatchObject({ status: 'CAUTION', trend: 'growing' });
  });

  it('says when a falling lag will be gone', () => {
    const report = watch(
      recorded([
        [0, 1000],
        [200, 1000],
        [400, 1000],
        [600, 1001],
      ]),
    );
    expect(report).toMatchObject({
      totalLag: 401,
      status: 'CAUTION',
      trend: 'falling',
      inPerSecond: 0.2,
      outPerSecond: 100,
      etaSeconds: 5,
    });
  });

  it('takes the saw blade of a batch consumer for steady', () => {
    const teeth = [50, 150, 250, 50, 150, 250, 50, 150, 250, 50];
    const looks = teeth.map((lag, index): [number, number] => {
      const end = 1000 + index * 100;
      return [end - lag, end];
    });
    for (let length = 4; length <= looks.length; length += 1) {
      expect(watch(recorded(looks.slice(0, length)))).toMatchObject({ trend: 'steady' });
    }
    expect(watch(recorded(looks)).status).toBe('OK');
  });

  it('takes one spike, or one dip, for steady', () => {
    const trendOver = (lags: readonly number[]): LagReport['trend'] =>
      watch(recorded(lags.map((lag, index) => [index * 300, index * 300 + lag]))).trend;
    expect(trendOver([50, 50, 50, 50, 50, 250])).toBe('steady');
    expect(trendOver([10, 300, 50, 100])).toBe('steady');
    expect(trendOver([300, 100, 320, 80])).toBe('steady');
    expect(trendOver([300, 100, 200, 90])).toBe('falling');
    expect(trendOver([10, 300, 50, 310])).toBe('growing');
    expect(trendOver([310, 100, 290, 250, 150, 200])).toBe('steady');
    expect(trendOver([300, 50, 60, 310, 320, 200])).toBe('steady');
  });

  it('takes a tenth of the traffic that is left over for growth', () => {
    const looks = Array.from({ length: 7 }, (_unused, look): [number, number] => [
      look * 900,
      look * 1000 + 50,
    ]);
    expect(watch(recorded(looks))).toMatchObject({ status: 'WARNING', trend: 'growing' });
  });

  it('takes the jitter of a busy group for steady', () => {
    const jitter = [40, 45, 60, 42, 70, 48, 81, 90];
    const looks = jitter.map((lag, index): [number, number] => {
      const end = 5000 * (index + 1);
      return [end - lag, end];
    });
    expect(watch(recorded(looks))).toMatchObject({ status: 'OK', trend: 'steady' });
  });

  it('does not warn of a burst right after the group had caught up', () => {
    const report = watch(
      recorded([
        [100, 100],
        [110, 200],
        [120, 300],
        [130, 400],
        [140, 500],
        [150, 600],
        [160, 700],
      ]),
    );
    expect(report).toMatchObject({ status: 'CAUTION', trend: 'growing' });
  });

  it('says that a group stalls when nothing moves for ten seconds', () => {
    const flat: [number, number][] = [];
    for (let look = 0; look < 5; look += 1) flat.push([40, 50]);
    expect(watch(recorded(flat))).toMatchObject({ status: 'OK', trend: 'steady' });
    flat.push([40, 50]);
    expect(watch(recorded(flat))).toMatchObject({
      status: 'STALLED',
      inPerSecond: 0,
      outPerSecond: 0,
      etaSeconds: null,
    });
  });

  it('does not say so where the requests came only just now', () => {
    const looks = recorded([
      [50, 50],
      [50, 50],
      [50, 50],
      [50, 50],
      [50, 50],
      [50, 50],
      [50, 90],
    ]);
    expect(watch(looks).status).toBe('OK');
  });

  it('does not say so while one of the partitions moves', () => {
    const looks = [0, 2, 4, 6, 8, 10, 12].map((atSeconds) => ({
      atSeconds,
      partitions: [
        { committed: 0, end: 50 },
        { committed: atSeconds, end: 50 },
      ],
    }));
    expect(watch(looks).status).toBe('OK');
  });

  it('counts a group that never committed anything as stalled too', () => {
    const looks = recorded(Array.from({ length: 7 }, () => [null, 50] as const));
    expect(watch(looks).status).toBe('STALLED');
  });

  it('leaves a rewind out of what came and went', () => {
    const report = watch(
      recorded([
        [800, 900],
        [850, 950],
        [0, 1000],
        [100, 1050],
        [200, 1100],
        [300, 1150],
      ]),
    );
    expect(report).toMatchObject({
      totalLag: 850,
      status: 'CAUTION',
      trend: 'falling',
      inPerSecond: 20,
      outPerSecond: 35,
    });
  });

  it('judges a group that came back by what it did since', () => {
    const down = [0, 2, 4, 6, 8].map((atSeconds) => ({
      atSeconds,
      members: 0,
      partitions: [{ committed: 0, end: 500 + atSeconds * 100 }],
    }));
    const up = [10, 12, 14].map((atSeconds) => ({
      atSeconds,
      partitions: [{ committed: (atSeconds - 10) * 200, end: 1500 }],
    }));
    expect(watch(down)).toMatchObject({ status: 'STOPPED', trend: 'growing', inPerSecond: 100 });
    expect(watch([...down, ...up.slice(0, 1)])).toMatchObject({ status: 'CAUTION', trend: null });
    expect(watch([...down, ...up])).toMatchObject({
      status: 'CAUTION',
      trend: 'falling',
      inPerSecond: 0,
      outPerSecond: 200,
      etaSeconds: 4,
    });
  });

  it('does not promise that a group will be done whose last member has left', () => {
    const up = [0, 2, 4].map((atSeconds) => ({
      atSeconds,
      partitions: [{ committed: atSeconds * 200, end: 1500 }],
    }));
    const gone = [6, 8].map((atSeconds) => ({
      atSeconds,
      members: 0,
      partitions: [{ committed: 800, end: 1500 + atSeconds }],
    }));
    expect(watch([...up, ...gone])).toMatchObject({
      status: 'STOPPED',
      outPerSecond: 0,
      etaSeconds: null,
    });
  });

  it('does not take a new partition for a burst', () => {
    const looks = [0, 2, 4, 6, 8, 10].map((atSeconds) => ({
      atSeconds,
      partitions: [
        { committed: 100 + atSeconds * 10, end: 110 + atSeconds * 10 },
        ...(atSeconds < 8 ? [] : [{ committed: null, end: 5000 }]),
      ],
    }));
    expect(watch(looks)).toMatchObject({
      totalLag: 5010,
      status: 'CAUTION',
      trend: 'steady',
      inPerSecond: 10,
      outPerSecond: 10,
    });
  });

  it('does not take a topic that was made anew for consumption', () => {
    const report = watch(
      recorded([
        [900, 1000],
        [900, 1000],
        [null, 10],
        [5, 20],
        [15, 30],
      ]),
    );
    expect(report).toMatchObject({ inPerSecond: 2.5, outPerSecond: 1.9 });
    const unread = recorded([
      [null, 1000],
      [null, 10],
      [null, 20],
    ]);
    expect(watch(unread)).toMatchObject({ inPerSecond: 2.5, outPerSecond: 0 });
  });

  it('keeps silent about rates where the clock stood still', () => {
    const look = { atSeconds: 0, partitions: [{ committed: 0, end: 1 }] };
    expect(watch([look, look])).toMatchObject({ inPerSecond: null, etaSeconds: null });
  });

  it('says 0 seconds to go where there is nothing to do', () => {
    const looks = recorded([
      [10, 10],
      [20, 20],
    ]);
    expect(watch(looks)).toMatchObject({ status: 'OK', etaSeconds: 0 });
  });
});

describe('the window of a watch', () => {
  const slide = (count: number, everySeconds: number): number => {
    const looks = Array.from({ length: count }, (_, index) =>
      sample({ atSeconds: index * everySeconds, partitions: [] }),
    );
    return looks.reduce<readonly LagSample[]>(slideWindow, []).length;
  };

  it('holds ten samples', () => {
    expect(slide(4, 30)).toBe(4);
    expect(slide(50, 30)).toBe(10);
  });

  it('holds twenty seconds where samples come fast', () => {
    expect(slide(100, 1)).toBe(21);
  });
});
