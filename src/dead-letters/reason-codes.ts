import { MALFORMED_CODES } from '../coupon/request.js';
import { UsageError } from '../errors.js';
import { nearest } from '../text/nearest.js';
import { PROCESSING_FAILED } from './dead-letter.js';
import { shortCode } from './letter-groups.js';

/** The reasons that this program writes. Other programs' dead letters have others. */
export const REASON_CODES: readonly string[] = [...MALFORMED_CODES, PROCESSING_FAILED];

/** In upper or lower case, with `_`, `-` or nothing between words; of a Java exception also the full name. */
export function isReason(code: string | null, asked: string): boolean {
  return code !== null && folded(code) === folded(asked);
}

/** Whether this program writes it. */
export function isOurReason(asked: string): boolean {
  return REASON_CODES.some((code) => isReason(code, asked));
}

/** More of other programs' codes than a message can list. */
const MOST_LISTED = 20;

/** The reasons that a scan came across, to say what there is where one is asked for that there is not. */
export class ReasonsSeen {
  readonly #others = new Set<string>();

  add(code: string | null): void {
    if (code === null || this.#others.size >= MOST_LISTED || REASON_CODES.includes(code)) return;
    this.#others.add(shortCode(code) ?? '');
  }

  /** To be called after a scan that found no letter. Throws UsageError where no letter could have this reason. */
  assertKnown(asked: string): void {
    if (isOurReason(asked) || [...this.#others].some((code) => isReason(code, asked))) return;
    throw unknownReason(asked, [...this.#others]);
  }
}

function unknownReason(asked: string, others: readonly string[]): UsageError {
  const meant = nearest(asked, [...REASON_CODES, ...others]);
  const suggestion = meant === null ? '' : `Did you mean ${meant}? `;
  const alsoThere = others.length === 0 ? '' : `; in this DLQ also ${others.join(', ')}`;
  return new UsageError(
    `No dead letter has the reason ${asked}, and coupons writes no such reason.`,
    `${suggestion}Reasons are ${REASON_CODES.join(', ')}${alsoThere}.`,
  );
}

function folded(code: string): string {
  const simple = code.split(/[.$]/).at(-1) ?? code;
  return simple.toLowerCase().replace(/[_-]/g, '');
}
