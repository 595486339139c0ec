const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A bar of a share from 0 to 1, to an eighth of a column; what is not nothing is seen. */
export function bar(share: number, columns: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * columns * EIGHTHS.length));
  const whole = Math.floor(eighths / EIGHTHS.length);
  return '█'.repeat(whole) + (EIGHTHS[eighths % EIGHTHS.length] ?? '');
}
