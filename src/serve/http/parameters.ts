/** Readers of what a client sent, in a query (text) or in JSON. Each throws HttpError 400, naming the field. */
import { badRequest } from './http-error.js';

/** Names and values, not looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

const MOST_CHARACTERS = 500;

/** Refuses a name that is not one of `names`, or that occurs twice. */
export function fieldsOfQuery(query: URLSearchParams, names: readonly string[]): Fields {
  const given = [...query.keys()];
  const repeated = given.find((name, at) => given.indexOf(name) !== at);
  if (repeated !== undefined) throw badRequest(`The parameter "${repeated}" is given twice.`);
  return known(Object.fromEntries(query), names);
}

/** Of a JSON object; likewise. */
export function fieldsOfJson(value: unknown, names: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('The request body must be a JSON object.');
  }
  return known({ ...value }, names);
}

function known(fields: Fields, names: readonly string[]): Fields {
  const unknown = Object.keys(fields).find((name) => !names.includes(name));
  if (unknown === undefined) return fields;
  throw badRequest(
    `There is no parameter "${unknown.slice(0, MOST_CHARACTERS)}" here.`,
    `There are: ${names.join(', ')}.`,
  );
}

export interface Range {
  readonly min: number;
  readonly max?: number;
}

/** Undefined where it is not given. */
export function integer(fields: Fields, name: string, range: Range): number | undefined {
  const given = fields[name];
  if (given === undefined) return undefined;
  const { min, max = Number.MAX_SAFE_INTEGER } = range;
  const isDigits =
    typeof given === 'number' || (typeof given === 'string' && /^-?\d+$/.test(given));
  const value = isDigits ? Number(given) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const most = max === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : String(max);
  throw badRequest(`"${name}" must be an integer from ${min} to ${most}.`);
}

export function requiredInteger(fields: Fields, name: string, range: Range): number {
  const value = integer(fields, name, range);
  if (value === undefined) throw badRequest(`The parameter "${name}" is missing.`);
  return value;
}

/** Undefined where it is not given. */
export function shortText(
  fields: Fields,
  name: string,
  mostCharacters = MOST_CHARACTERS,
): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= mostCharacters) return value;
  throw badRequest(`"${name}" must be a text of 1 to ${mostCharacters} characters.`);
}

/** The body of a POST. Throws HttpError 400. */
export function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw badRequest('The request body is not valid JSON.');
  }
}
