import type { Output } from './output.js';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A bar of a share from 0 to 1, to an eighth of a column; what is not nothing is seen. */
export function bar(share: number, columns: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * columns * EIGHTHS.length));
  const whole = Math.floor(eighths / EIGHTHS.length);
  return '█'.repeat(whole) + (EIGHTHS[eighths % EIGHTHS.length] ?? '');
}

const LONGEST_BAR = 30;
/** A shorter one tells nothing. */
const SHORTEST_BAR = 5;
const GAP = 2;

/**
 * A table whose last column is aligned to the right, with a bar of its share behind each row; as it
 * is where no person reads it, or where there is no room.
 */
export function withBars(
  table: string,
  shares: readonly number[],
  { isTerminal, columns, paint }: Pick<Output, 'isTerminal' | 'columns' | 'paint'>,
): string {
  const [head = '', ...rows] = table.split('\n');
  const room = Math.min(LONGEST_BAR, columns - head.length - GAP);
  if (!isTerminal || room < SHORTEST_BAR) return table;
  const barred = rows.map((row, index) => `${row}  ${paint.cyan(bar(shares[index] ?? 0, room))}`);
  return [head, ...barred].join('\n');
}
