import { parse as parseCsv } from 'csv-parse';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { isSafeNumber } from 'lossless-json';
import { exactJson, withExactNumbers } from '../coupon/lossless-json.js';
import { validateRequest } from '../coupon/request.js';
import { CliError, messageOf } from '../errors.js';
import type { FileFormat } from './file-format.js';
import type { OutgoingRecord } from '../ports/record-sink.js';
import { newRequest, requestRecord } from './request-generator.js';
import { utf8Text } from './utf8-text.js';

/** One line of a file: a request, or why it is none. Lines are counted from 1. */
export type FileLine =
  { readonly ok: true; readonly line: number; readonly record: OutgoingRecord } | BadLine;

interface BadLine {
  readonly ok: false;
  readonly line: number;
  readonly reason: string;
}

export interface RequestFile {
  /** For messages. */
  readonly name: string;
  readonly format: FileFormat;
  readonly now: () => number;
}

/**
 * Reads requests from a stream, line by line. A line has at least couponId and userId; eventId,
 * eventType, occurredAt and timestamp are filled in where they are missing or null, and unknown fields
 * are sent as they are. Empty lines are passed over. Throws CliError BAD_LINES where none can be read: what is not text, and CSV
 * without its header.
 */
export async function* readRequests(input: Readable, file: RequestFile): AsyncGenerator<FileLine> {
  const text = Readable.from(utf8Text(input, file.name), { objectMode: false, encoding: 'utf8' });
  yield* file.format === 'jsonl' ? readJsonLines(text, file) : readCsv(text, file);
}

async function* readJsonLines(input: Readable, { now }: RequestFile): AsyncGenerator<FileLine> {
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() !== '') yield fromJson(line, text, now);
  }
}

function fromJson(line: number, text: string, now: () => number): FileLine {
  try {
    return complete(line, JSON.parse(text), now, text);
  } catch (error) {
    return { ok: false, line, reason: `not JSON: ${messageOf(error)}` };
  }
}

/** csv-parse gives the cells and where in the file they stood. */
interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* readCsv(input: Readable, { name, now }: RequestFile): AsyncGenerator<FileLine> {
  // The parser runs ahead of its reader: what is no CSV waits until the rows before it are read.
  const broken: BadLine[] = [];
  const parser = parseCsv({
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      const line = parser.info.lines;
      broken.push({ ok: false, line, reason: `not CSV: ${messageOf(error)}` });
      return undefined;
    },
  });
  // pipe() does not pass errors on.
  input.on('error', (error) => parser.destroy(error));
  let header: readonly string[] | null = null;
  for await (const { record, info } of input.pipe(parser) as AsyncIterable<CsvRow>) {
    if (header === null) {
      const before = broken.find(({ line }) => line < info.lines);
      const wrong = before?.reason ?? wrongHeader(record);
      if (wrong !== null) throw badHeader(name, wrong);
      header = record;
      continue;
    }
    while (broken[0] !== undefined && broken[0].line < info.lines) yield* broken.splice(0, 1);
    yield fromRow(info.lines, header, record, now);
  }
  if (header === null) throw badHeader(name, 'it is empty');
  yield* broken;
}

function fromRow(
  line: number,
  header: readonly string[],
  cells: readonly string[],
  now: () => number,
): FileLine {
  if (cells.length === header.length) return complete(line, fromCells(header, cells), now);
  const columns = `${String(cells.length)} column${cells.length === 1 ? '' : 's'}`;
  return { ok: false, line, reason: `it has ${columns}, the header has ${String(header.length)}` };
}

const NEEDED = ['couponId', 'userId'] as const;

/** What makes every line wrong, so that it is named once; null: nothing. */
function wrongHeader(header: readonly string[]): string | null {
  const missing = NEEDED.filter((name) => !header.includes(name));
  const twice = header.find((name, index) => name !== '' && header.indexOf(name) !== index);
  if (twice !== undefined) return `it names ${twice} twice`;
  if (missing.length === 0) return null;
  const given = JSON.stringify(header.join(',').slice(0, LONGEST_HEADER));
  const separator = [';', '\t', '|'].find((each) => header.some((name) => name.includes(each)));
  const by = separator === undefined ? '' : `, separated by ${JSON.stringify(separator)}`;
  return `it is ${given}${by}, and names no column ${missing.join(' and no column ')}`;
}

const LONGEST_HEADER = 60;

function badHeader(name: string, why: string): CliError {
  return new CliError(
    'BAD_LINES',
    `The header of ${name}, its first line, is not valid: ${why}. Nothing was sent.`,
    'Name the columns in the first line, separated by commas: at least couponId,userId.',
  );
}

const NUMERIC_COLUMNS = new Set(['couponId', 'userId', 'timestamp']);

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Cells are text: the columns that are numbers become numbers where a double holds them, and empty
 * cells are missing.
 */
function fromCells(header: readonly string[], cells: readonly string[]): object {
  return Object.fromEntries(
    cells
      .map((cell, index) => [header[index] ?? '', cell] as const)
      .filter(([, cell]) => cell !== '')
      .map(([name, cell]) => [
        name,
        NUMERIC_COLUMNS.has(name) && NUMBER.test(cell) && isSafeNumber(cell) ? Number(cell) : cell,
      ]),
  );
}

function complete(line: number, given: unknown, now: () => number, text?: string): FileLine {
  const parsed = validateRequest(given, text);
  if (!parsed.ok) return { ok: false, line, reason: parsed.malformed.message };
  const { couponId, userId } = parsed.request;
  const filled = newRequest(couponId, userId, now());
  const exact = text === undefined ? given : withExactNumbers(given, text);
  const own = Object.entries(exact as object).filter(
    ([name, value]) => value !== null || !(name in filled),
  );
  const value = exactJson({ ...filled, ...Object.fromEntries(own), couponId, userId });
  return { ok: true, line, record: requestRecord(couponId, Buffer.from(value, 'utf8')) };
}
