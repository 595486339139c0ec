import { parse as parseCsv } from 'csv-parse';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { validateRequest, type CouponRequest } from '../coupon/request.js';
import { messageOf } from '../errors.js';
import type { FileFormat } from './file-format.js';
import { newRequest } from './request-generator.js';

/** One line of a file: a request, or why it is none. Lines are counted from 1. */
export type FileLine =
  | { readonly ok: true; readonly line: number; readonly request: CouponRequest }
  | { readonly ok: false; readonly line: number; readonly reason: string };

/**
 * Reads requests from a stream, line by line. A line has at least couponId and userId; eventId,
 * eventType, occurredAt and timestamp are filled in where missing. Empty lines are passed over.
 */
export async function* readRequests(
  input: Readable,
  format: FileFormat,
  now: () => number,
): AsyncGenerator<FileLine> {
  yield* format === 'jsonl' ? readJsonLines(input, now) : readCsv(input, now);
}

async function* readJsonLines(input: Readable, now: () => number): AsyncGenerator<FileLine> {
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (bare.trim() === '') continue;
    yield fromJson(line, bare, now);
  }
}

function fromJson(line: number, text: string, now: () => number): FileLine {
  try {
    return complete(line, JSON.parse(text), now);
  } catch (error) {
    return { ok: false, line, reason: `not JSON: ${messageOf(error)}` };
  }
}

/** csv-parse gives the record and where in the file it stood. */
interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

async function* readCsv(input: Readable, now: () => number): AsyncGenerator<FileLine> {
  // The parser runs ahead of its reader: what is no CSV waits until the rows before it are read.
  const broken: FileLine[] = [];
  const parser = parseCsv({
    columns: true,
    bom: true,
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
  for await (const { record, info } of input.pipe(parser) as AsyncIterable<CsvRow>) {
    while (broken[0] !== undefined && broken[0].line < info.lines) yield* broken.splice(0, 1);
    yield complete(info.lines, fromCells(record), now);
  }
  yield* broken;
}

const NUMERIC_COLUMNS = new Set(['couponId', 'userId', 'timestamp']);

/** Cells are text: the columns that are numbers become numbers, and empty cells are missing. */
function fromCells(cells: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(cells)
      .filter(([, cell]) => cell !== '')
      .map(([name, cell]) => [
        name,
        NUMERIC_COLUMNS.has(name) && /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell,
      ]),
  );
}

function complete(line: number, given: unknown, now: () => number): FileLine {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const filled = isObject
    ? { ...newRequest(0, 0, now()), couponId: undefined, userId: undefined, ...given }
    : given;
  const parsed = validateRequest(filled);
  return parsed.ok
    ? { ok: true, line, request: parsed.request }
    : { ok: false, line, reason: parsed.malformed.message };
}
