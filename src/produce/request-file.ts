import { parse as parseCsv } from 'csv-parse';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { isSafeNumber } from 'lossless-json';
import { exactJson, withExactNumbers } from '../coupon/lossless-json.js';
import { validateRequest } from '../coupon/request.js';
import { messageOf } from '../errors.js';
import type { FileFormat } from './file-format.js';
import type { OutgoingRecord } from '../ports/record-sink.js';
import { newRequest, requestRecord } from './request-generator.js';

/** One line of a file: a request, or why it is none. Lines are counted from 1. */
export type FileLine =
  | { readonly ok: true; readonly line: number; readonly record: OutgoingRecord }
  | { readonly ok: false; readonly line: number; readonly reason: string };

/**
 * Reads requests from a stream, line by line. A line has at least couponId and userId; eventId,
 * eventType, occurredAt and timestamp are filled in where they are missing or null, and unknown fields
 * are sent as they are. Empty lines are passed over.
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
    return complete(line, JSON.parse(text), now, text);
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

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Cells are text: the columns that are numbers become numbers where a double holds them, and empty
 * cells are missing.
 */
function fromCells(cells: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(cells)
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
