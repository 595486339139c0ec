/** Times as other systems write them in JSON. They are shown, and decide nothing. */

export interface Instant {
  /** ISO 8601 in UTC with 3, 6 or 9 decimals of a second, as many as there are. */
  readonly iso: string;
  /** False where the text or array names no zone: it is then read as UTC. */
  readonly hasZone: boolean;
}

/**
 * The instant that a value of JSON means, or null where it is not understood:
 * - a text in ISO 8601, with or without a zone, up to nanoseconds;
 * - an array of 3 to 7 numbers, as Jackson writes a LocalDate or LocalDateTime: year, month, day,
 *   hour, minute, second, nanosecond;
 * - a number, or its digits as a text, of seconds, milliseconds, microseconds or nanoseconds since
 *   the epoch: which of them, the size says.
 */
export function instantIn(value: unknown): Instant | null {
  if (Array.isArray(value)) return fromParts(value);
  if (typeof value === 'number') return fromNumber(String(value));
  return typeof value === 'string' ? (fromNumber(value) ?? fromText(value)) : null;
}

const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MS = 1_000_000n;
/** A Date would write later years with six digits and a sign. */
const LAST_YEAR = 9999;

const NUMBER = /^(\d{1,19})(?:\.(\d{1,18}))?$/;

/** Seconds are read from 1973 to 5138, and so are the others: no number can mean two of them. */
const LEAST = 10n ** 8n;
const UNITS = [
  { below: 10n ** 11n, nanos: NANOS_PER_SECOND },
  { below: 10n ** 14n, nanos: NANOS_PER_MS },
  { below: 10n ** 17n, nanos: 1000n },
  { below: 10n ** 19n, nanos: 1n },
];

function fromNumber(text: string): Instant | null {
  const [, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  if (whole === undefined || BigInt(whole) < LEAST) return null;
  const unit = UNITS.find(({ below }) => BigInt(whole) < below)?.nanos;
  if (unit === undefined) return null;
  const scaled = (BigInt(whole + fraction) * unit) / 10n ** BigInt(fraction.length);
  return instant(scaled, true);
}

const DATE = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const TIME = String.raw`[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?`;
/** Java's ZonedDateTime adds the zone's name in brackets. */
const ZONE = String.raw`([Zz]|[-+]\d\d(?::?\d\d)?)?(?:\[[^\]]*\])?`;
const ISO = new RegExp(`^${DATE}(?:${TIME}${ZONE})?$`);

function fromText(text: string): Instant | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part || 0));
  const nanos = Number((match[7] ?? '').padEnd(9, '0'));
  const zone = match[8];
  const local = fromParts([year, month, day, hour, minute, second, nanos]);
  if (local === null || zone === undefined) return local;
  return instant(nanosOf(local.iso) - offsetNanos(zone), true);
}

function offsetNanos(zone: string): bigint {
  const [, sign, hours = '0', minutes = '0'] = /^([-+])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = (BigInt(hours) * 60n + BigInt(minutes)) * 60n * NANOS_PER_SECOND;
  return sign === '-' ? -offset : offset;
}

function fromParts(parts: readonly unknown[]): Instant | null {
  if (parts.length < 3 || parts.length > 7 || !parts.every(isCount)) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, nanos = 0] = parts;
  if (year > LAST_YEAR || BigInt(nanos) >= NANOS_PER_SECOND) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // February 30 and 25 o'clock become another day.
  const isReal =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return isReal ? instant(BigInt(date.getTime()) * NANOS_PER_MS + BigInt(nanos), false) : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function instant(nanos: bigint, hasZone: boolean): Instant | null {
  const below = ((nanos % NANOS_PER_MS) + NANOS_PER_MS) % NANOS_PER_MS;
  const date = new Date(Number((nanos - below) / NANOS_PER_MS));
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year > LAST_YEAR || year < 0) return null;
  const decimals = below === 0n ? '' : String(below).padStart(6, '0').replace(/000$/, '');
  return { iso: date.toISOString().replace('Z', `${decimals}Z`), hasZone };
}

function nanosOf(iso: string): bigint {
  const decimals = /\.\d{3}(\d*)Z$/.exec(iso)?.[1] ?? '';
  return BigInt(Date.parse(iso)) * NANOS_PER_MS + BigInt(decimals.padEnd(6, '0') || 0);
}
