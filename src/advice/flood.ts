/** A producer that sends far more than is read, of what is issued no coupon. */
import { situationOf } from './group.js';
import type { AdviceFacts } from './facts.js';
import type { AdviceFinding } from './finding.js';
import type { AdviceStep } from './step.js';

/** What comes is this many times what is read. */
const FAR_ABOVE = 2;
/** At most this share of what was read was issued a coupon. */
const ISSUED_SHARE = 0.1;
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
  const unread = Math.round(lag.totalLag * share);
  return [limit, { code: 'DEACTIVATE_CAMPAIGN', couponId, share, unread }];
}

/** Null where there is none, or the store does not say what became of what was read. */
function floodIn(facts: AdviceFacts): Flood | null {
  const { lag, observedMs, sale } = facts;
  const { inPerSecond, outPerSecond, trend } = lag;
  const decided = sale?.decided ?? null;
  if (decided === null || inPerSecond === null || outPerSecond === null) return null;
  if (situationOf(facts) !== 'behind' || trend !== 'growing') return null;
  const { issued, outcomes } = decided;
  // Repeats are read and leave no outcome; an outcome may be committed to Kafka a moment later.
  const consumed = Math.max(Math.round((outPerSecond * observedMs) / 1000), outcomes);
  const isUseless = consumed >= ENOUGH_RECORDS && issued <= consumed * ISSUED_SHARE;
  if (!isUseless || inPerSecond < outPerSecond * FAR_ABOVE) return null;
  return { inPerSecond, outPerSecond, consumed, issued };
}

function recordBytes({ topic, topics, lag }: AdviceFacts): number {
  const sizes = topics.find(({ name }) => name === topic)?.partitions ?? [];
  const bytes = sizes.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  const records = lag.partitions.reduce((sum, { startOffset, endOffset }) => {
    return sum + Number(endOffset - startOffset);
  }, 0);
  return bytes === 0 || records === 0 ? USUAL_RECORD_BYTES : bytes / records;
}
