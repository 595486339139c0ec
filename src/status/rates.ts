import type { LagTrend } from '../lag/trend.js';
import type { CampaignsStatus } from './campaigns.js';
import type { GroupStatus } from './group.js';

/** How quickly requests come and are decided; what is not known is null. */
export interface GroupRates {
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly trend: LagTrend | null;
  /** Until the lag is 0 at these rates; null also where it does not fall. */
  readonly etaSeconds: number | null;
  /** Both rates are over the time since then; null: of a window of looks. */
  readonly sinceMs: number | null;
  /** Since then. */
  readonly decided: number | null;
}

/** A difference of less than this share of the traffic is noise. */
const NOISE_SHARE = 0.05;

/** Shorter windows of looks say less than the last minute. */
const LEAST_LOOKS_MS = 10_000;

/**
 * Of the looks of a watch, once there are enough; before, and for a single look, of the last minute or two: requests by
 * their timestamps, and decisions by the store's count. That has no repeats; but what came since then and does not wait
 * was read, which is at least how many went out. `campaigns`: null where the store was not read, or is not that of
 * the group.
 */
export function ratesOf(
  group: GroupStatus,
  campaigns: CampaignsStatus | null,
  observedMs: number,
): GroupRates {
  const { lag, asked, sinceMs } = group;
  if (observedMs >= LEAST_LOOKS_MS && lag.trend !== null) {
    const { inPerSecond, outPerSecond, trend, etaSeconds } = lag;
    return { inPerSecond, outPerSecond, trend, etaSeconds, sinceMs: null, decided: null };
  }
  const decided = campaigns?.isCounted === true ? campaigns.decided : null;
  const spanMs = group.sample.takenAtMs - sinceMs;
  const out = decided === null ? null : Math.max(decided, (asked ?? 0) - lag.totalLag);
  const rates = {
    inPerSecond: asked === null ? null : perSecond(asked, spanMs),
    outPerSecond: out === null ? null : perSecond(out, spanMs),
    sinceMs,
    decided,
  };
  if (lag.totalLag === 0) return { ...rates, trend: 'steady', etaSeconds: 0 };
  if (asked === null || out === null) return { ...rates, trend: null, etaSeconds: null };
  const trend = trendOf(asked, out);
  const fallingPerMs = (out - asked) / spanMs;
  const etaSeconds = trend === 'falling' ? Math.ceil(lag.totalLag / fallingPerMs / 1000) : null;
  return { ...rates, trend, etaSeconds };
}

/** To a tenth. */
function perSecond(records: number, spanMs: number): number {
  return Math.round((records * 10_000) / spanMs) / 10;
}

function trendOf(asked: number, out: number): LagTrend {
  const difference = asked - out;
  if (Math.abs(difference) <= NOISE_SHARE * Math.max(asked, out)) return 'steady';
  return difference > 0 ? 'growing' : 'falling';
}
