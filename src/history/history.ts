/** What happened to a sale in a period: from the store, and how many asked from the log. */
import { CliError } from '../errors.js';
import { groupBy } from '../group-by.js';
import type { CouponStore } from '../ports/coupon-store.js';
import type { Period, StoreHistory } from '../ports/store-history.js';
import { boundariesOf, bucketsOf, totalsOf, type Bucket, type Figures } from './buckets.js';
import { campaignHappenings, inOrder, type Happening, type KnownCampaign } from './happenings.js';
import { notesOn, type HistoryNote } from './notes.js';
import { withUnended } from './replays.js';
import { lastIssuedOf, stocksGone } from './sold-out.js';
import { changedTerms } from './term-changes.js';

export interface HistoryQuestion {
  readonly period: Period;
  readonly bucketMs: number;
  /** That of the requests. */
  readonly topic: string;
  /** Only this campaign's outcomes, and its changes; null: all. */
  readonly couponId: number | null;
  /** At most so many events of the store, the latest ones; what campaigns say of themselves is not among them. */
  readonly mostEvents: number;
}

export interface HistoryPorts {
  readonly store: StoreHistory &
    Pick<CouponStore, 'winners' | 'campaigns' | 'snapshot' | 'countReplayedWithin'>;
  /**
   * How many records of the log are dated between each two boundaries; null: not known. Throws CliError where the log
   * can't be read.
   */
  readonly asked: (boundaries: readonly number[]) => Promise<readonly (number | null)[]>;
}

export interface History {
  readonly question: HistoryQuestion;
  readonly countedSinceMs: number;
  readonly buckets: readonly Bucket[];
  readonly totals: Figures;
  readonly happenings: readonly Happening[];
  readonly notes: readonly HistoryNote[];
}

export async function readHistory(
  ports: HistoryPorts,
  question: HistoryQuestion,
): Promise<History> {
  const { store } = ports;
  const { period, bucketMs, couponId, mostEvents } = question;
  const boundaries = boundariesOf(period, bucketMs);
  const asking = askedOf(ports, question, boundaries);
  const steps = await store.outcomesByMinute(period, couponId, bucketMs);
  const countedSinceMs = await store.countedSinceMs();
  // One more than is shown tells that there are more.
  const events = await store.events(period, mostEvents + 1);
  const { known, firstCampaignMs } = await knownCampaigns(store, couponId);
  const asked = await asking;
  const latest = await withUnended(store, events.slice(-mostEvents), period.toMs);
  const happenings = inOrder([...campaignHappenings(known, period), ...latest]);
  const buckets = bucketsOf(boundaries, steps, asked.records);
  const isCut = events.length > mostEvents;
  const isKnown = known.length > 0;
  const campaigns = { isKnown, firstCampaignMs };
  const notes = notesOn({ ...question, ...campaigns, countedSinceMs, asked, happenings, isCut });
  return { question, countedSinceMs, buckets, totals: totalsOf(buckets), happenings, notes };
}

export interface Asked {
  readonly records: readonly (number | null)[];
  /** Why none of them is known; null: they were looked up. */
  readonly failure: CliError | null;
}

/** Of one campaign the log can't say how many asked: its offsets count all of them. */
async function askedOf(
  { asked }: HistoryPorts,
  { couponId }: HistoryQuestion,
  boundaries: readonly number[],
): Promise<Asked> {
  if (couponId !== null) return { records: [], failure: null };
  try {
    return { records: await asked(boundaries), failure: null };
  } catch (error) {
    if (error instanceof CliError) return { records: [], failure: error };
    throw error;
  }
}

interface KnownCampaigns {
  readonly known: readonly KnownCampaign[];
  /** Of all campaigns of the store. */
  readonly firstCampaignMs: number | null;
}

async function knownCampaigns(
  store: HistoryPorts['store'],
  couponId: number | null,
): Promise<KnownCampaigns> {
  const isWanted = (each: { readonly couponId: number }) =>
    couponId === null || each.couponId === couponId;
  const all = await store.snapshot(async (snapshot) => ({
    campaigns: await snapshot.campaigns(),
    versions: await snapshot.versions(),
  }));
  const campaigns = all.campaigns.filter(isWanted);
  const versions = all.versions.filter(isWanted);
  const lastIssued = await lastIssuedOf(store, campaigns, versions);
  const gone = groupBy(await stocksGone(store, versions), (each) => each.couponId);
  const changed = groupBy(changedTerms(versions), (version) => version.couponId);
  const known = campaigns.map((campaign, index) => ({
    campaign,
    versions: changed.get(campaign.couponId) ?? [],
    stocksGone: gone.get(campaign.couponId) ?? [],
    ...(lastIssued[index] ?? { last: null, soldOutAtMs: null }),
  }));
  const created = all.versions.map(({ createdAtMs }) => createdAtMs);
  return { known, firstCampaignMs: created.length === 0 ? null : Math.min(...created) };
}
