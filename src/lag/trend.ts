import type { WindowMovement } from './window.js';

export type LagTrend = 'falling' | 'steady' | 'growing';

/** A difference of less than this share of the traffic is noise: samples are not synchronous. */
const NOISE_SHARE = 0.05;

/**
 * Where the lag is going, or null from a single sample. Two things must agree, so that neither
 * noise nor the saw blade of a consumer that works in batches looks like a slope: more than a
 * twentieth of the traffic was left over (or caught up), and both the lowest and the highest lag
 * of the window's newer half lie above (below) those of its older half.
 */
export function trendOf({ appended, consumed, lag }: WindowMovement): LagTrend | null {
  if (lag.length < 2) return null;
  const leftOver = appended - consumed;
  if (Math.abs(leftOver) <= NOISE_SHARE * Math.max(appended, consumed)) return 'steady';
  const half = Math.floor(lag.length / 2);
  const [older, newer] = [lag.slice(0, half), lag.slice(-half)];
  const low = Math.min(...newer) - Math.min(...older);
  const high = Math.max(...newer) - Math.max(...older);
  if (leftOver > 0 && low > 0 && high > 0) return 'growing';
  if (leftOver < 0 && low < 0 && high < 0) return 'falling';
  return 'steady';
}
