/**
 * How a store is named in a member's subscription, in the assignments of a group's leader and in the metadata
 * of a committed offset: as JSON under one key, so that whatever else is there is told apart. Reading is
 * tolerant, for any program may have written there: what is not ours is null.
 */
import type { GroupStore, StoreMark } from '../ports/group-store.js';

const KEY = 'coupons-store';

/** Kafka takes 4096 characters of metadata (offset.metadata.max.bytes); ours stay below in bytes as well. */
const MAX_PATH_LENGTH = 500;
const MAX_HOST_LENGTH = 255;
const MAX_ID_LENGTH = 64;
const MAX_TEXT_LENGTH = 4096;

interface Written {
  readonly id: string;
  readonly host: string;
  readonly path: string;
  readonly since: number;
  /** Missing where an older version has written it. */
  readonly pid?: number;
  /** Of a mark. */
  readonly applied?: string | null;
}

export function encodeMark({ applied, ...store }: StoreMark): string {
  const written = { ...write(store), applied: applied === null ? null : applied.toString() };
  return JSON.stringify({ [KEY]: written });
}

export function decodeMark(text: string | null): StoreMark | null {
  const written = contentOf(text);
  const store = readStore(written);
  if (store === null) return null;
  const { applied } = written as Written;
  return { ...store, applied: isOffset(applied) ? BigInt(applied) : null };
}

export function encodeStore(store: GroupStore): Buffer {
  return Buffer.from(JSON.stringify({ [KEY]: write(store) }));
}

export function decodeStore(bytes: Buffer | null): GroupStore | null {
  return readStore(contentOf(bytes === null ? null : bytes.toString()));
}

/** Each store once. */
export function encodeStores(stores: readonly GroupStore[]): Buffer {
  const different = stores.filter(
    (store, index) => stores.findIndex((other) => isSameRun(store, other)) === index,
  );
  return Buffer.from(JSON.stringify({ [KEY]: different.map(write) }));
}

export function decodeStores(bytes: Buffer | null): readonly GroupStore[] {
  const written = contentOf(bytes === null ? null : bytes.toString(), Infinity);
  if (!Array.isArray(written)) return [];
  return written.map(readStore).filter((store) => store !== null);
}

function isSameRun(one: GroupStore, other: GroupStore): boolean {
  return one.id === other.id && one.sinceMs === other.sinceMs;
}

function write({ id, host, path, sinceMs, pid }: GroupStore): Written {
  const end = clean(path).slice(-MAX_PATH_LENGTH);
  return {
    id,
    host: clean(host).slice(0, MAX_HOST_LENGTH),
    path: end.length === path.length ? end : `…${end}`,
    since: sinceMs,
    ...(pid === null ? {} : { pid }),
  };
}

/** What is under our key; undefined where there is no such thing. */
function contentOf(text: string | null, maxLength = MAX_TEXT_LENGTH): unknown {
  if (text === null || text.length > maxLength || !text.startsWith(`{"${KEY}"`)) return undefined;
  try {
    return (JSON.parse(text) as Readonly<Record<string, unknown>>)[KEY];
  } catch {
    return undefined;
  }
}

function readStore(content: unknown): GroupStore | null {
  if (typeof content !== 'object' || content === null) return null;
  const { id, host, path, since, pid } = content as Partial<Record<keyof Written, unknown>>;
  if (!isText(id, MAX_ID_LENGTH) || id === '') return null;
  if (!isText(host, MAX_HOST_LENGTH) || !isText(path, MAX_PATH_LENGTH + 1)) return null;
  if (typeof since !== 'number' || !Number.isSafeInteger(since)) return null;
  return { id, host, path, sinceMs: since, pid: isPid(pid) ? pid : null };
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength && clean(value) === value;
}

function isPid(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isOffset(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value);
}

/** A file name may have control characters, which an error message must not show. */
function clean(text: string): string {
  return text.replace(/[\p{Control}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '?');
}
