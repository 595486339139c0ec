/**
 * Who sent the record that died. Kafka keeps no client id with a record, so only what the producer wrote into
 * headers or value tells it apart from others.
 */
import { clipped } from '../text/clipped.js';
import { TYPE_HEADER } from './dead-letter.js';
import { writerOf } from './headers.js';
import type { DeadLetter } from './read.js';

export interface Producer {
  readonly name: string;
  /** The header that names it; `schema-id`: Confluent's five bytes. */
  readonly knownBy: string;
}

/**
 * Headers that name a program, folded (no case, no punctuation), the surest first: CloudEvents requires ce_source;
 * the others are what programs commonly call it.
 */
const NAMING_HEADERS = [
  'cesource',
  'clientid',
  'xclientid',
  'producer',
  'producerid',
  'producername',
  'application',
  'applicationname',
  'appname',
  'servicename',
  'service',
];

const LONGEST_NAME = 120;

type Letter = Pick<DeadLetter, 'headers' | 'schemaId' | 'failureReason'>;

/** Null where nothing tells. A traceparent is of one request, and names no program. */
export function producerOf(letter: Letter): Producer | null {
  const { schemaId } = letter;
  return (
    namedIn(letter) ??
    (schemaId === null ? null : { name: `schema id ${String(schemaId)}`, knownBy: 'schema-id' })
  );
}

function namedIn({ headers, failureReason }: Letter): Producer | null {
  const names = Object.keys(headers);
  if (names.length === 0) return null;
  const byFolded = new Map(names.map((name) => [folded(name), name]));
  const naming = NAMING_HEADERS.map((wanted) => byFolded.get(wanted));
  // A letter without its writer's headers is an object of a class itself: the header is about that one.
  const isOfLetter = failureReason !== null && writerOf(headers) === null;
  // The class comes last, for programs that share it are not told apart.
  for (const header of isOfLetter ? naming : [...naming, TYPE_HEADER]) {
    const name = header === undefined ? null : textOf(headers[header]);
    if (header !== undefined && name !== null) return { name, knownBy: header };
  }
  return null;
}

/** The last value of a header, where it is text. */
function textOf(value: unknown): string | null {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' && last !== '' ? clipped(last, LONGEST_NAME) : null;
}

function folded(header: string): string {
  return header.toLowerCase().replace(/[^a-z\d]/g, '');
}
