import { isEventId, type Parsed } from '../coupon/request.js';
import { readRequest } from '../coupon/usual-request.js';
import type { Headers, LogRecord } from '../ports/log.js';
import { spellPosition } from './spell-position.js';

/**
 * Names a request whose value has no eventId. A replay sends it, so that the request keeps the name
 * that it had at its first position.
 */
const EVENT_ID_HEADER = 'coupon-event-id';

/** An index holds the name: a topic's name may be longer, so its end is kept, with the position. */
const MAX_NAME_LENGTH = 200;

/**
 * The request that a record holds. Where its value has no eventId, the header `coupon-event-id` names
 * it, else the record's position, "coupon-issue-requests/0@17@1795739916004". The timestamp at the
 * end keeps the records of a topic that was deleted and recreated apart from those before.
 */
export function requestOf(record: LogRecord): Parsed {
  const parsed = readRequest(record.value);
  if (!parsed.ok) return parsed;
  const { eventId, couponId, userId } = parsed.request;
  return { ok: true, request: { eventId: eventId ?? nameOf(record), couponId, userId } };
}

/** The headers that a copy of a record needs to be a request of the same name at another position. */
export function nameHeaders(record: LogRecord): Headers {
  const parsed = readRequest(record.value);
  const isUnnamed = parsed.ok && parsed.request.eventId === null;
  return isUnnamed ? { [EVENT_ID_HEADER]: Buffer.from(nameOf(record)) } : {};
}

function nameOf(record: LogRecord): string {
  const header = [record.headers[EVENT_ID_HEADER] ?? []].flat().at(-1)?.toString('utf8');
  if (isEventId(header)) return header;
  const name = `${spellPosition(record)}@${record.timestamp.toString()}`;
  return name.slice(-MAX_NAME_LENGTH);
}
