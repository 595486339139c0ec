import Table from 'cli-table3';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export type Cell = string | number | bigint | null;

/**
 * A borderless table in the manner of kubectl: upper-case titles, two spaces between columns,
 * numbers to the right, `-` for what is not known. Cells may carry colour.
 */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const none = '';
  const grid = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    // cli-table3 colours heads and borders by itself, into pipes too: facts of its own defaults.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: none,
      'top-mid': none,
      'top-left': none,
      'top-right': none,
      bottom: none,
      'bottom-mid': none,
      'bottom-left': none,
      'bottom-right': none,
      left: none,
      'left-mid': none,
      mid: none,
      'mid-mid': none,
      right: none,
      'right-mid': none,
      middle: none,
    },
  });
  for (const row of rows) grid.push(row.map((cell) => (cell === null ? '-' : String(cell))));
  return trimLines(grid.toString());
}

/** Name and value, one pair a line, values aligned. */
export function pairs(rows: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) => `${name.padEnd(width)}  ${value === null ? '-' : String(value)}`)
    .join('\n');
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/**
 * 12345.6 → "12,346": whole numbers for people. Not by toLocaleString, whose first call loads the
 * locales: a tenth of what `lag` takes.
 */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Milliseconds for people: "850 ms", "3.2 s", "4 min 10 s", "2 h 5 min", "7 days". */
export function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${String(Math.round(ms))} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 48 * 60) return `${String(Math.floor(minutes / 60))} h${rest(minutes % 60, 'min')}`;
  const hours = Math.floor(minutes / 60);
  return `${String(Math.floor(hours / 24))} days${rest(hours % 24, 'h')}`;
}

function rest(value: number, unit: string): string {
  return value === 0 ? '' : ` ${String(value)} ${unit}`;
}
