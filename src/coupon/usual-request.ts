/**
 * A quick way to read the request that nearly every record holds: the value that `produce` and a Spring
 * system's mapper write, field by field in this order, without white space. One regular expression over
 * its bytes takes half as long as decoding UTF-8, JSON.parse and the checks together.
 */
import { EVENT_TYPE, parseRequest, type Parsed, type RequestValue } from './request.js';

/** Printable ASCII that stands for itself in JSON; as UTF-8 and as Latin-1 it is the same bytes. */
const CHARACTER = String.raw`[ !#-[\]-~]`;
const NUMBER = '(?:0|[1-9][0-9]*)';
/** 15 digits: a double holds each such number exactly. */
const ID = '([1-9][0-9]{0,14})';

const USUAL = new RegExp(
  `^{"eventId":"(${CHARACTER}{1,200})","eventType":"${EVENT_TYPE}",` +
    // ISO 8601, or the array that Jackson writes for a LocalDateTime.
    String.raw`"occurredAt":(?:"${CHARACTER}*"|\[${NUMBER}(?:,${NUMBER})*\]),` +
    `"couponId":${ID},"userId":${ID},"timestamp":${NUMBER}}$`,
);

/** What parseRequest gives, sooner where the value is the usual one. */
export function readRequest(value: Buffer | null): Parsed<RequestValue> {
  const request = value === null ? null : usualRequest(value);
  return request === null ? parseRequest(value) : { ok: true, request };
}

/** Null where the value has to be parsed, whether it is a request or not. */
export function usualRequest(value: Buffer): RequestValue | null {
  const [, eventId, couponId, userId] = USUAL.exec(value.toString('latin1')) ?? [];
  if (eventId === undefined) return null;
  return { eventId, couponId: Number(couponId), userId: Number(userId) };
}
