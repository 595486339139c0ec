import type { LetterFilterData } from '../../console/wire/letters.js';
import { usePage } from '../page.js';

/** What was selected, in words. */
export function FilterWords({ filter }: { readonly filter: LetterFilterData }) {
  const { words, clock } = usePage();
  const { replay } = words;
  const { reason, coupon, partition, text, sinceMs, untilMs } = filter;
  const parts = [
    reason !== undefined && replay.ofReason(reason),
    coupon !== undefined && replay.ofCoupon(String(coupon)),
    partition !== undefined && replay.ofPartition(String(partition)),
    text !== undefined && replay.ofText(text),
    sinceMs !== undefined && replay.ofSince(clock.dateTime(sinceMs)),
    untilMs !== undefined && replay.ofUntil(clock.dateTime(untilMs)),
  ].filter((part) => part !== false);
  return (
    <span class="quiet foreign">{parts.length === 0 ? replay.everything : parts.join(' · ')}</span>
  );
}
