import { MALFORMED_CODES } from '../../coupon/request.js';
import { PROCESSING_FAILED } from '../../dead-letters/dead-letter.js';

const OTHER = 'other';

/** Every value of the label `reason`. */
export const REASON_LABELS = [...MALFORMED_CODES, PROCESSING_FAILED, OTHER] as const;

const labels: ReadonlySet<string> = new Set(REASON_LABELS);

/**
 * The label of a reason code. Anyone who can write to the DLQ chooses the code in its header, so an unknown one must
 * not make a series. Null: the letter has none.
 */
export function reasonLabel(code: string | null): string {
  return code !== null && labels.has(code) ? code : OTHER;
}
