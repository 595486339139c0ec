import Table from 'cli-table3';
import { printablePainted } from './printable.js';
import { clip, displayWidth, fold } from './width.js';
import { wrapped } from './wrap.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /**
   * How the column shrinks where the table is wider than its terminal: its cells, which are plain
   * text then, go on in the next line or end in an ellipsis. Other columns are never touched.
   */
  readonly tight?: 'fold' | 'clip';
  /** How far it shrinks while another column may go instead; LEAST_COLUMNS where it is left out. */
  readonly least?: number;
  /** It is left out where shrinking is not enough, of several the first one first; where it is empty, before anything shrinks. */
  readonly mayGo?: true;
}

export type Cell = string | number | bigint | null;

const GAP = 2;
/** A column that shrinks keeps at least so many: those of a date. */
const LEAST_COLUMNS = 10;

/**
 * A borderless table in the manner of kubectl: upper-case titles, two spaces between columns,
 * numbers to the right, `-` for what is not known. Cells may carry colour, and can't steer the
 * terminal. Where `whole` names the command that shows all, a last line says what was cut to fit.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  terminalColumns = Infinity,
  whole?: string,
): string {
  const all = columns.map((column, index): Texts => {
    const texts = [column.title, ...rows.map((row) => spelled(row[index] ?? null))];
    const isEmpty = rows.every((row) => (row[index] ?? null) === null);
    return { column, texts, natural: Math.max(...texts.map(displayWidth)), isEmpty };
  });
  const { kept, widths } = fitting(withoutEmpty(all, terminalColumns), terminalColumns);
  const drawn = grid(
    kept.map(({ column, texts }, index) => ({
      align: column.align ?? 'left',
      texts: texts.map((text) => fitted(text, column.tight, widths[index] ?? 0)),
    })),
  );
  const isCut = ({ column, natural }: Texts, index: number) =>
    column.tight === 'clip' && natural > (widths[index] ?? 0);
  const notes = [
    ...named('cut', kept.filter(isCut)),
    ...named(
      'left out',
      all.filter((each) => !each.isEmpty && !kept.includes(each)),
    ),
  ];
  if (whole === undefined || notes.length === 0) return drawn;
  return `${drawn}\n${wrapped(`To fit: ${notes.join('; ')}. Run ${whole} for the full value.`, terminalColumns)}`;
}

function named(what: string, columns: readonly Texts[]): readonly string[] {
  if (columns.length === 0) return [];
  return [`${columns.map(({ column }) => column.title).join(', ')} ${what}`];
}

/** A column with the texts of its cells, the title first. */
interface Texts {
  readonly column: Column;
  readonly texts: readonly string[];
  readonly natural: number;
  /** No cell says anything. */
  readonly isEmpty: boolean;
}

function spelled(cell: Cell): string {
  return cell === null ? '-' : printablePainted(String(cell));
}

/** Where not all fit, those go that say nothing, so that no other has to shrink for them. */
function withoutEmpty(all: readonly Texts[], terminalColumns: number): readonly Texts[] {
  if (total(all.map(({ natural }) => natural)) <= terminalColumns) return all;
  return all.filter(({ column, isEmpty }) => !isEmpty || column.mayGo !== true);
}

/** The columns that there is room for, and their widths. */
function fitting(all: readonly Texts[], terminalColumns: number) {
  let kept = all;
  for (;;) {
    const widths = tightened(kept, terminalColumns);
    const gone = kept.find(({ column }) => column.mayGo === true);
    if (total(widths) <= terminalColumns) return { kept, widths };
    if (gone === undefined)
      return { kept, widths: tightened(kept, terminalColumns, LEAST_COLUMNS) };
    kept = kept.filter((each) => each !== gone);
  }
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each + GAP, -GAP);
}

/** The widths of the columns: the widest of those that may shrink does so first. */
function tightened(
  columns: readonly Texts[],
  terminalColumns: number,
  leastOfAll = Infinity,
): readonly number[] {
  const widths = columns.map(({ natural }) =>
    Math.min(natural, Math.max(terminalColumns, LEAST_COLUMNS)),
  );
  while (total(widths) > terminalColumns) {
    const giving = columns.map(({ column: { tight, least = LEAST_COLUMNS } }, index) => {
      const width = widths[index] ?? 0;
      return tight === undefined || width <= Math.min(least, leastOfAll) ? 0 : width;
    });
    const widest = Math.max(...giving);
    if (widest === 0) break;
    widths[giving.indexOf(widest)] = widest - 1;
  }
  return withoutSlack(columns, widths, terminalColumns);
}

/** What folding leaves empty is for what is cut. */
function withoutSlack(
  columns: readonly Texts[],
  widths: readonly number[],
  terminalColumns: number,
): readonly number[] {
  const taken = columns.map(({ column, texts }, index) => {
    const width = widths[index] ?? 0;
    if (column.tight !== 'fold') return width;
    return Math.max(...texts.flatMap((text) => fold(text, width)).map(displayWidth));
  });
  columns.forEach(({ column, natural }, index) => {
    const room = (taken[index] ?? 0) + Math.max(0, terminalColumns - total(taken));
    if (column.tight === 'clip') taken[index] = Math.min(natural, room);
  });
  return taken;
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

interface GridColumn {
  readonly align: 'left' | 'right';
  readonly texts: readonly string[];
}

/** cli-table3 compares each row with each other one: it draws 10,000 rows a hundred times slower at once. */
const ROWS_AT_ONCE = 100;

function grid(columns: readonly GridColumn[]): string {
  const rows = (columns[0]?.texts ?? []).map((_text, row) =>
    columns.map(({ texts }) => texts[row] ?? ''),
  );
  const widths = columns.map(({ texts }) =>
    Math.max(...texts.flatMap((text) => text.split('\n')).map(displayWidth)),
  );
  const parts: string[] = [];
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    parts.push(draw(columns, widths, rows.slice(start, start + ROWS_AT_ONCE)));
  }
  return trimLines(parts.join('\n'));
}

/** cli-table3 without its borders; the titles are a row as any other. */
function draw(
  columns: readonly GridColumn[],
  widths: readonly number[],
  rows: readonly string[][],
): string {
  const none = '';
  const drawn = new Table({
    colWidths: widths.map((width) => width + GAP),
    colAligns: columns.map(({ align }) => align),
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
  drawn.push(...rows);
  return drawn.toString();
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
