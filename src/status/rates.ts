import type { LagTrend } from '../lag/trend.js';
import type { CampaignsStatus } from './campaigns.js';
import type { GroupStatus } from './group.js';
import { ratePerSecond } from './recent.js';

/** How quickly requests come and are decided; what is not known is null. */
export interface GroupRates {
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly trend: LagTrend | null;
  /** Until the lag is 0 at these rates; null also where it does not fall. */
  readonly etaSeconds: number | null;
  /** Both rates are over the time since then; null: of a window of looks. */
  readonly sinceMs: number | null;
}

/** A difference of less than this share of the traffic is noise. */
const NOISE_SHARE = 0.05;

/** Shorter windows of looks say less than the last minute. */
const LEAST_LOOKS_MS = 10_000;

/**
 * Of the looks of a watch, once there are enough; before, and for a single look, of the last minute or two: requests by
 * their timestamps, and decisions by the store's count. Repeats are not counted as decided, so a group that reads
 * many of them may seem to be slower than it is, never quicker. `campaigns`: null where the store was not read,
 * or is not that of the group.
 */
export function ratesOf(
  group: GroupStatus,
  campaigns: CampaignsStatus | null,
  observedMs: number,
): GroupRates {
  const { lag } = group;
  if (observedMs >= LEAST_LOOKS_MS && lag.trend !== null) {
    const { inPerSecond, outPerSecond, trend, etaSeconds } = lag;
    return { inPerSecond, outPerSecond, trend, etaSeconds, sinceMs: null };
  }
  const nowMs = group.sample.takenAtMs;
  const { sinceMs } = group;
  const inPerSecond = group.asked === null ? null : ratePerSecond(group.asked, sinceMs, nowMs);
  const outPerSecond =
    campaigns?.isCounted === true ? ratePerSecond(campaigns.decided, sinceMs, nowMs) : null;
  const rates = { inPerSecond, outPerSecond, sinceMs };
  if (lag.totalLag === 0) return { ...rates, trend: 'steady', etaSeconds: 0 };
  if (inPerSecond === null || outPerSecond === null) {
    return { ...rates, trend: null, etaSeconds: null };
  }
  const trend = trendOf(inPerSecond, outPerSecond);
  const falling = outPerSecond - inPerSecond;
  const etaSeconds = trend === 'falling' ? Math.ceil(lag.totalLag / falling) : null;
  return { ...rates, trend, etaSeconds };
}

function trendOf(inPerSecond: number, outPerSecond: number): LagTrend {
  const difference = inPerSecond - outPerSecond;
  if (Math.abs(difference) <= NOISE_SHARE * Math.max(inPerSecond, outPerSecond)) return 'steady';
  return difference > 0 ? 'growing' : 'falling';
}
