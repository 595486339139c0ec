/** Which dead letters a client asks for. */
import type { LettersWanted } from '../console/console.js';
import type { LetterFilterData } from '../console/wire/letters.js';
import { badRequest } from './http-error.js';
import { fieldsOfJson, fieldsOfQuery, integer, shortText, type Fields } from './parameters.js';

const FILTER_FIELDS = ['reason', 'coupon', 'partition', 'text', 'sinceMs', 'untilMs'];

/** Letters a page. */
const USUAL_LIMIT = 50;
const MOST_LIMIT = 100;
/** It has an offset of each partition. */
const MOST_CURSOR = 8000;

/** Of a query: the fields of the filter, `before` and `limit`. Throws HttpError 400. */
export function lettersWantedBy(query: URLSearchParams): LettersWanted {
  const fields = fieldsOfQuery(query, [...FILTER_FIELDS, 'before', 'limit']);
  return {
    filter: filterOf(fields),
    before: shortText(fields, 'before', MOST_CURSOR) ?? null,
    limit: integer(fields, 'limit', { min: 1, max: MOST_LIMIT }) ?? USUAL_LIMIT,
  };
}

/** Of a body {"filter": {...}}. Throws HttpError 400. */
export function filterOfBody(body: unknown): LetterFilterData {
  const { filter = {} } = fieldsOfJson(body, ['filter']);
  return filterOf(fieldsOfJson(filter, FILTER_FIELDS));
}

function filterOf(fields: Fields): LetterFilterData {
  const filter = {
    reason: shortText(fields, 'reason'),
    coupon: integer(fields, 'coupon', { min: 1 }),
    partition: integer(fields, 'partition', { min: 0, max: 2 ** 31 - 1 }),
    text: shortText(fields, 'text'),
    sinceMs: integer(fields, 'sinceMs', { min: 0 }),
    untilMs: integer(fields, 'untilMs', { min: 0 }),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

export interface LetterPosition {
  readonly partition: number;
  readonly offset: bigint;
}

/** Of "<partition>:<offset>". Throws HttpError 400. */
export function letterPosition(text: string): LetterPosition {
  const [, partition, offset] = /^(\d{1,10}):(\d{1,19})$/.exec(text) ?? [];
  if (partition === undefined || offset === undefined) {
    throw badRequest('A dead letter is named by <partition>:<offset>, such as 0:42.');
  }
  return { partition: Number(partition), offset: BigInt(offset) };
}
