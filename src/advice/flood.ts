/**
 * More comes than is read, and what is read gets nothing that its users could have hoped for: repeats, duplicates, requests
 * for campaigns that are inactive, unknown or long gone, and what is no request. A sale is none, however much is asked:
 * neither while it issues coupons nor with the users who come too early or too late for it.
 */
import { situationOf } from './group.js';
import type { AdviceFacts, DecidedFacts } from './facts.js';
import type { AdviceFinding } from './finding.js';
import type { AdviceStep } from './step.js';

/** At most this share of what was read was issued a coupon. */
const ISSUED_SHARE = 0.1;
/** More than this share of what was read was asked for in vain. */
const USELESS_SHARE = 0.5;
/** From this share of the unread records on, what waits is for a sale. */
const ON_SALE_SHARE = 0.5;
/** Fewer records say nothing of the share. */
const ENOUGH_RECORDS = 100;
/** Where nothing says how large a record is: a request of Spring's with its headers. */
const USUAL_RECORD_BYTES = 300;

interface Flood {
  readonly inPerSecond: number;
  readonly outPerSecond: number;
  readonly consumed: number;
  readonly issued: number;
}

export function floodFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  const flood = floodIn(facts);
  return flood === null ? [] : [{ code: 'FLOOD', severity: 'critical', ...flood }];
}

/** A quota for the producer, and no more coupons for whom it asks, where it asks for one campaign. */
export function floodSteps(facts: AdviceFacts): readonly AdviceStep[] {
  const flood = floodIn(facts);
  if (flood === null) return [];
  const { bootstrap, lag, unreadKeys, sale } = facts;
  const { outPerSecond } = flood;
  const bytesPerSecond = Math.max(1, Math.round(outPerSecond * recordBytes(facts)));
  const limit: AdviceStep = { code: 'LIMIT_THE_PRODUCER', bootstrap, bytesPerSecond, outPerSecond };
  const [first] = unreadKeys;
  const couponId = Number(first?.key);
  if (first === undefined || sale?.onSale.includes(couponId) !== true) return [limit];
  const { share } = first;
  // Less of a flood is for this campaign than not: honest users alone would lose.
  if (share < ON_SALE_SHARE) return [limit];
  const unread = Math.round(lag.totalLag * share);
  return [limit, { code: 'DEACTIVATE_CAMPAIGN', couponId, share, unread }];
}

export function isFlooded(facts: AdviceFacts): boolean {
  return floodIn(facts) !== null;
}

/** Null where there is none, or the store does not say what became of what was read. */
function floodIn(facts: AdviceFacts): Flood | null {
  const { lag, observedMs, sale } = facts;
  const { inPerSecond, outPerSecond, trend } = lag;
  const decided = sale?.decided ?? null;
  if (decided === null || inPerSecond === null || outPerSecond === null) return null;
  if (situationOf(facts) !== 'behind' || trend !== 'growing') return null;
  // Repeats are read and leave no outcome; an outcome may be committed to Kafka a moment later.
  const consumed = Math.max(Math.round((outPerSecond * observedMs) / 1000), decided.outcomes);
  const { issued } = decided;
  if (consumed < ENOUGH_RECORDS || issued > consumed * ISSUED_SHARE) return null;
  if (uselessAmong(consumed, decided, facts) <= consumed * USELESS_SHARE) return null;
  return { inPerSecond, outPerSecond, consumed, issued };
}

/** Where what waits is for a sale, only who asks again counts: what is read now may be what came before the sale. */
function uselessAmong(
  consumed: number,
  { outcomes, issued, duplicates, missed }: DecidedFacts,
  { unreadKeys, sale }: AdviceFacts,
): number {
  const again = consumed - outcomes + duplicates;
  const onSale = unreadKeys.filter(({ key }) => sale?.onSale.includes(Number(key)) === true);
  const share = onSale.reduce((sum, each) => sum + each.share, 0);
  const inVain = outcomes - issued - duplicates - missed;
  return share >= ON_SALE_SHARE ? again : again + inVain;
}

function recordBytes({ topic, topics, lag }: AdviceFacts): number {
  const sizes = topics.find(({ name }) => name === topic)?.partitions ?? [];
  const bytes = sizes.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  const records = lag.partitions.reduce((sum, { startOffset, endOffset }) => {
    return sum + Number(endOffset - startOffset);
  }, 0);
  return bytes === 0 || records === 0 ? USUAL_RECORD_BYTES : bytes / records;
}
