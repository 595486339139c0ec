import type { LettersData } from '../../console/wire/letters.js';
import { REASON_LABELS, reasonLabel } from '../reason-labels.js';
import { sample, single, type Figure } from './figure.js';

export function letterFigures({ total, reasons, ungrouped }: LettersData): readonly Figure[] {
  const counts = new Map<string, number>(REASON_LABELS.map((label) => [label, 0]));
  const add = (label: string, count: number) => counts.set(label, (counts.get(label) ?? 0) + count);
  for (const { key, count } of reasons) add(reasonLabel(key), count);
  add(reasonLabel(null), ungrouped);
  return [
    single('coupons_dlq_letters', 'Dead letters in the DLQ.', total),
    {
      name: 'coupons_dlq_letters_by_reason',
      help: 'Dead letters in the DLQ by reason code, of those that were read so far.',
      samples: [...counts].map(([reason, count]) => sample({ reason }, count)),
    },
  ];
}
