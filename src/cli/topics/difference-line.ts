import { byteSize } from '../../text/byte-size.js';
import { duration } from '../../text/figures.js';
import type { TopicDifference } from '../../topics/plan.js';

/** "7 days, not 30 days (retention.ms)"; where the figures alone tell them apart, "x is 1, not 2". */
export function differenceLine({
  property,
  actual,
  expected,
}: Pick<TopicDifference, 'property' | 'actual' | 'expected'>): string {
  const [is, wanted] = [actual ?? 'not set', expected].map((value) => worded(property, value));
  return is === undefined || wanted === undefined || is === wanted
    ? `${property} is ${actual ?? 'not set'}, not ${expected}`
    : `${is}, not ${wanted} (${property})`;
}

/** Undefined where the value says as much itself. */
function worded(property: string, value: string): string | undefined {
  const spell = property.endsWith('.ms') ? duration : property.endsWith('.bytes') ? byteSize : null;
  if (spell === null) return undefined;
  if (property.startsWith('retention.') && value === '-1') return 'no limit';
  return /^\d+$/.test(value) ? spell(Number(value)) : value;
}
