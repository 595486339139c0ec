import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { count, counted } from '../../text/figures.js';
import type { OpenTransaction } from '../../ports/log.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';

/** What adding partitions would do, as far as it is known beforehand. */
export interface PartitionChange {
  readonly topic: string;
  readonly group: string;
  readonly from: number;
  readonly to: number;
  /** Distinct keys seen. */
  readonly sampled: number;
  /** Those of them that go to another partition from then on. */
  readonly moved: readonly Buffer[];
  /** The group's lag. */
  readonly behind: number;
  /** Campaigns on sale that go to another partition; null: the store here does not say. */
  readonly movedOnSale: readonly number[] | null;
  readonly openTransactions: readonly OpenTransaction[];
  /** --wait-drained. */
  readonly waits: boolean;
}

export const NOT_DRAINED = 'The group was not drained within --timeout, so nothing was changed.';

export function questionOf({ topic, group, from, to, waits }: PartitionChange): string {
  const when = waits ? `, once ${group} has read everything` : '';
  return `Raise ${topic} from ${String(from)} to ${String(to)} partitions${when}`;
}

const KEYS_NAMED = 5;

/** A sentence each: what can't be undone, what moves, what that risks. */
export function warningsOf(change: PartitionChange): readonly string[] {
  const { from, to, sampled, moved, behind, group } = change;
  const warnings = [
    `The mapping of keys to partitions changes (hash modulo ${String(from)} becomes modulo ${String(to)}), and partitions can never be taken away again.`,
  ];
  if (moved.length > 0) {
    const names = moved.slice(0, KEYS_NAMED).map((key) => keyName(change, key));
    const more = moved.length > KEYS_NAMED ? ', ...' : '';
    warnings.push(
      `${count(moved.length)} of ${count(sampled)} sampled keys move (${names.join(', ')}${more}): their next records go to another partition than those before.`,
    );
  }
  warnings.push(...saleWarnings(change));
  if (behind > 0 && !change.waits) {
    warnings.push(
      `Group ${group} has ${count(behind)} records to read: whatever of a moved key is still unread may be decided after its newer records, so the first to ask may not be the first served. Wait for lag 0 (--wait-drained), with producers paused.`,
    );
  }
  for (const transaction of change.openTransactions) {
    warnings.push(
      `${describeOpenTransaction(transaction)}: nothing is changed before it has ended. ${HOW_TRANSACTIONS_END}`,
    );
  }
  return warnings;
}

/** First come, first served is at risk until each producer knows of the new partitions. */
function saleWarnings({ topic, movedOnSale }: PartitionChange): readonly string[] {
  if (topic !== REQUEST_TOPIC || movedOnSale?.length === 0) return [];
  if (movedOnSale === null) {
    return [
      'Which campaigns are on sale is not known here: the store (--store) could not be read.',
    ];
  }
  const more = movedOnSale.length > KEYS_NAMED ? ', ...' : '';
  const named = movedOnSale.slice(0, KEYS_NAMED).join(', ');
  return [
    `${counted(movedOnSale.length, 'campaign')} on sale ${movedOnSale.length === 1 ? 'moves' : 'move'} (${named}${more}). Until each producer knows of the new partitions (metadata.max.age.ms, 5 minutes by default), their requests go to both, and the first to ask may not be the first served. Wait until the sale is over, or pause the producers for that long.`,
  ];
}

/** What to do once the partitions are there. */
export function adviceAfter({ topic, to }: PartitionChange): string {
  return topic === REQUEST_TOPIC
    ? `Running consumers pick the new partitions up within 30 s; they need ${String(to)} members to work on all at once (coupons consume --concurrency ${String(to)}).`
    : 'Running consumers pick the new partitions up when they next look at the metadata.';
}

const LONGEST_KEY = 40;

/** The keys of requests are couponIds; elsewhere a key may be anything. */
function keyName({ topic }: PartitionChange, key: Buffer): string {
  const text = key.toString('utf8');
  if (topic === REQUEST_TOPIC && /^\d{1,16}$/.test(text)) return `campaign ${text}`;
  return JSON.stringify(text.length > LONGEST_KEY ? `${text.slice(0, LONGEST_KEY)}…` : text);
}
