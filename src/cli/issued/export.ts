import { Readable, type Transform } from 'node:stream';
import { stringify } from 'csv-stringify';
import { UsageError } from '../../errors.js';
import type { Services } from '../services.js';
import { count } from '../../text/figures.js';
import { toJson } from '../../output/output.js';
import { writeWhole } from '../../output/whole-file.js';
import type { IssuedCoupon } from '../../ports/coupon-store.js';
import type { CommandResult } from '../result.js';
import { warnOfMismatchIfQuick } from '../store-mismatch.js';
import { issuedFilter, issuedJson } from './list.js';

interface Options {
  readonly coupon?: number;
  readonly format: 'csv' | 'jsonl';
  readonly bom?: boolean;
  readonly file?: string;
}

const CSV_COLUMNS = [
  'couponId',
  'userId',
  'sequence',
  'eventId',
  'issuedAt',
  'topic',
  'partition',
  'offset',
] as const;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { file = '-', format, bom = false } = options;
  if (bom && format !== 'csv') {
    throw new UsageError('--bom is for CSV.', 'Give --format csv, or leave --bom out.');
  }
  const store = await services.readableStore();
  const written = { coupons: 0 };
  const pages = counted(store.issued(issuedFilter(options)), written);
  const data = format === 'csv' ? csv(pages, bom) : Readable.from(jsonLines(pages));
  if (file === '-') {
    await services.stdout.writeAll(data);
    await warnOfMismatchIfQuick(services, store);
    return undefined;
  }
  await writeWhole(file, data);
  services.output.result({ file, exported: written.coupons }, () => '');
  services.output.note(`Wrote ${count(written.coupons)} issued coupons to ${file}.`);
  await warnOfMismatchIfQuick(services, store);
  return undefined;
}

type Pages = AsyncIterable<readonly IssuedCoupon[]>;

/** Counts what is written: meanwhile more coupons are issued, so the store's count would differ. */
async function* counted(pages: Pages, written: { coupons: number }) {
  for await (const page of pages) {
    written.coupons += page.length;
    yield page;
  }
}

/**
 * A spreadsheet runs a cell that begins with = + - @ as a formula, and any producer can write such an eventId: there it
 * gets a ' in front. JSON lines have it as it is.
 */
function csv(pages: Pages, bom: boolean): Readable {
  const columns = stringify({
    header: true,
    columns: [...CSV_COLUMNS],
    escape_formulas: true,
    bom,
  });
  return compose(Readable.from(flatRows(pages)), columns);
}

/** Unlike pipe, passes an error of the store on to the reader of the columns. */
function compose(rows: Readable, columns: Transform): Readable {
  rows.on('error', (error) => columns.destroy(error));
  return rows.pipe(columns);
}

async function* flatRows(pages: Pages) {
  for await (const page of pages) {
    for (const coupon of page) {
      const { position, ...fields } = issuedJson(coupon);
      yield { ...fields, ...position, offset: position.offset.toString() };
    }
  }
}

async function* jsonLines(pages: Pages) {
  for await (const page of pages) {
    yield page.map((coupon) => `${toJson(issuedJson(coupon), 0)}\n`).join('');
  }
}
