import { MALFORMED_CODES } from '../../../coupon/request.js';
import { PROCESSING_FAILED } from '../../../dead-letters/dead-letter.js';
import type { LettersData } from '../../console/wire.js';
import { sample, single, type Figure } from './figure.js';

const KNOWN_REASONS: ReadonlySet<string> = new Set([...MALFORMED_CODES, PROCESSING_FAILED]);

/** Anyone who can write to the DLQ chooses the reason in its header: it must not become a label. */
const OTHER = 'other';

export function letterFigures(data: LettersData): readonly Figure[] {
  const counts = new Map<string, number>([...KNOWN_REASONS, OTHER].map((reason) => [reason, 0]));
  const add = (reason: string, count: number) =>
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  for (const { key, count } of data.reasons) {
    add(key !== null && KNOWN_REASONS.has(key) ? key : OTHER, count);
  }
  add(OTHER, data.ungrouped);
  return [
    single('coupons_dlq_letters', 'Dead letters in the DLQ.', data.total),
    {
      name: 'coupons_dlq_letters_by_reason',
      help: 'Dead letters in the DLQ by reason code, of those that were read so far.',
      samples: [...counts].map(([reason, count]) => sample({ reason }, count)),
    },
  ];
}
