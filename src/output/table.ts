import Table from 'cli-table3';
import { printablePainted } from './printable.js';
import { clip, displayWidth, fold } from './width.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /**
   * How the column gives way where the table is wider than its terminal: its cells, which are plain
   * text then, go on in the next line or end in an ellipsis. Other columns are never touched.
   */
  readonly tight?: 'fold' | 'clip';
}

export type Cell = string | number | bigint | null;

const GAP = 2;
/** A column that gives way keeps so many. */
const LEAST_COLUMNS = 8;

/**
 * A borderless table in the manner of kubectl: upper-case titles, two spaces between columns,
 * numbers to the right, `-` for what is not known. Cells may carry colour, and can't steer the terminal.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  terminalColumns = Infinity,
): string {
  const texts = [columns.map(({ title }) => title), ...rows.map((row) => row.map(spelled))];
  const natural = columns.map((_column, index) =>
    Math.max(...texts.map((row) => displayWidth(row[index] ?? ''))),
  );
  const widths = tightened(columns, natural, terminalColumns);
  const [head = [], ...body] = texts.map((row) =>
    row.map((text, index) => fitted(text, columns[index]?.tight, widths[index] ?? 0)),
  );
  const none = '';
  const grid = new Table({
    head,
    colAligns: columns.map(({ align }) => align ?? 'left'),
    // cli-table3 colours heads and borders by itself, into pipes too: facts of its own defaults.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
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
  grid.push(...body);
  return trimLines(grid.toString());
}

function spelled(cell: Cell): string {
  return cell === null ? '-' : printablePainted(String(cell));
}

/** The widths of the columns: the widest of those that may gives way first. */
function tightened(
  columns: readonly Column[],
  natural: readonly number[],
  terminalColumns: number,
): readonly number[] {
  const widths = natural.map((width) => Math.min(width, Math.max(terminalColumns, LEAST_COLUMNS)));
  const width = () => widths.reduce((sum, each) => sum + each + GAP, -GAP);
  while (width() > terminalColumns) {
    const giving = columns.map(({ tight }, index) =>
      tight === undefined ? 0 : (widths[index] ?? 0),
    );
    const widest = Math.max(...giving);
    if (widest <= LEAST_COLUMNS) break;
    widths[giving.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function fitted(text: string, tight: Column['tight'], columns: number): string {
  switch (tight) {
    case undefined:
      return text;
    case 'clip':
      return clip(text, columns);
    case 'fold':
      return fold(text, columns).join('\n');
  }
}

/** Name and value, one pair a line, values aligned; on a terminal they go on below themselves. */
export function pairs(
  rows: readonly (readonly [string, Cell])[],
  terminalColumns = Infinity,
): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + GAP;
  const room = Math.max(terminalColumns - width, LEAST_COLUMNS);
  return rows
    .map(([name, value]) => {
      const text = spelled(value);
      const lines = displayWidth(text) <= room ? [text] : fold(text, room);
      return `${name.padEnd(width)}${lines.join(`\n${' '.repeat(width)}`)}`;
    })
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
