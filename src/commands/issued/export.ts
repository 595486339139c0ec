import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Context } from '../../context.js';
import { count } from '../../figures.js';
import { toJson } from '../../output/output.js';
import { writeWhole } from '../../output/whole-file.js';
import type { CouponStore, IssuedFilter } from '../../pipeline/coupon-store.js';
import type { CommandResult } from '../result.js';
import { issuedFilter, issuedJson } from './list.js';

interface Options {
  readonly coupon?: number;
  readonly format: 'csv' | 'jsonl';
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

export async function run(context: Context, options: Options): Promise<CommandResult> {
  const store = await context.store();
  const filter = issuedFilter(options);
  if (options.file === undefined) {
    await pipeline(encoded(store, filter, options.format), process.stdout, { end: false });
    return undefined;
  }
  await writeWhole(options.file, encoded(store, filter, options.format));
  context.output.note(
    `Wrote ${count(await store.countIssued(filter))} issued coupons to ${options.file}.`,
  );
  return undefined;
}

function encoded(store: CouponStore, filter: IssuedFilter, format: 'csv' | 'jsonl'): Readable {
  if (format === 'jsonl') return Readable.from(jsonLines(store, filter));
  const columns = stringify({ header: true, columns: [...CSV_COLUMNS] });
  return compose(Readable.from(flatRows(store, filter)), columns);
}

/** Unlike pipe, hands a failure of the store on to the reader of the columns. */
function compose(rows: Readable, columns: Transform): Readable {
  rows.on('error', (error) => columns.destroy(error));
  return rows.pipe(columns);
}

async function* flatRows(store: CouponStore, filter: IssuedFilter) {
  for await (const page of store.issued(filter)) {
    for (const coupon of page) {
      const { position, ...fields } = issuedJson(coupon);
      yield { ...fields, ...position, offset: position.offset.toString() };
    }
  }
}

async function* jsonLines(store: CouponStore, filter: IssuedFilter) {
  for await (const page of store.issued(filter)) {
    yield page.map((coupon) => `${toJson(issuedJson(coupon), 0)}\n`).join('');
  }
}
