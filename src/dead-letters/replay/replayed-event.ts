import { DLQ_TOPIC } from '../../coupon/topics.js';
import type { EventDetails } from '../../ports/store-history.js';
import type { ProduceResult } from '../../produce/produce.js';

/** For the store's history; null: nothing was sent, and nothing failed. */
export function replayedEvent({
  acknowledged,
  failed,
}: Pick<ProduceResult, 'acknowledged' | 'failed'>): EventDetails | null {
  if (acknowledged + failed === 0) return null;
  return { kind: 'LETTERS_REPLAYED', topic: DLQ_TOPIC, sent: acknowledged, failed };
}
