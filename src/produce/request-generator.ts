import { randomUUID } from 'node:crypto';
import { EVENT_TYPE, type CouponRequest } from '../coupon/request.js';
import type { OutgoingRecord } from '../ports/record-sink.js';

export interface GeneratorOptions {
  readonly couponId: number;
  /** All messages together. */
  readonly count: number;
  readonly firstUser: number;
  /** 0 to 100: that share asks again for a user who already asked, under a new eventId. */
  readonly duplicatesPercent: number;
  /** 0 to 100: that share is malformed, in several ways. */
  readonly poisonPercent: number;
  /** The same seed gives the same users in the same order, malformed in the same places. */
  readonly seed: number;
}

/** A record for the request topic: the key is the couponId, so that one campaign has one order. */
export function requestRecord(couponId: number, value: Buffer | null): OutgoingRecord {
  return { key: Buffer.from(String(couponId)), value, headers: {} };
}

/** The value of a request that `produce` sends (docs/contract.md). */
export interface RequestMessage extends CouponRequest {
  readonly eventType: string;
  readonly occurredAt: string;
  readonly timestamp: number;
}

/** A new request of this user, now. */
export function newRequest(couponId: number, userId: number, nowMs: number): RequestMessage {
  return {
    eventId: randomUUID(),
    eventType: EVENT_TYPE,
    occurredAt: new Date(nowMs).toISOString(),
    couponId,
    userId,
    timestamp: nowMs,
  };
}

/**
 * Exactly `count` records, of which exactly the rounded shares are duplicates and poison, spread
 * evenly by the seed. The rest are distinct users counted up from `firstUser`.
 */
export function* generateRequests(
  options: GeneratorOptions,
  now: () => number,
): Generator<OutgoingRecord> {
  const { couponId, count, firstUser } = options;
  const random = mulberry32(options.seed);
  let poison = Math.round((count * options.poisonPercent) / 100);
  let duplicates = Math.min(
    Math.round((count * options.duplicatesPercent) / 100),
    Math.max(0, count - poison - 1),
  );
  let users = 0;
  for (let left = count; left > 0; left -= 1) {
    // Sampling without replacement: what is drawn exactly uses up what is still to be placed. The
    // first one that is not poison has no user to repeat, so it is a new one.
    const draw = random() * left;
    if (draw < poison) {
      poison -= 1;
      yield requestRecord(couponId, malformedValue(couponId, poison, now()));
    } else if (users > 0 && draw < poison + duplicates) {
      duplicates -= 1;
      const userId = firstUser + Math.floor(random() * users);
      yield requestRecord(couponId, encode(newRequest(couponId, userId, now())));
    } else {
      yield requestRecord(couponId, encode(newRequest(couponId, firstUser + users, now())));
      users += 1;
    }
  }
}

export function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

/** One of several ways to be malformed, in turn. */
function malformedValue(couponId: number, index: number, nowMs: number): Buffer | null {
  const request = newRequest(couponId, 1, nowMs);
  const ways: readonly (() => Buffer | null)[] = [
    () => Buffer.from('{"couponId":'),
    () => null,
    () => Buffer.from('"a coupon, please"'),
    () => encode({ ...request, userId: undefined }),
    // Not a text or an array: Jackson could not read the dead letter into the class of a Spring system.
    () => encode({ ...request, userId: null }),
    () => encode({ ...request, userId: -1 }),
    () => Buffer.from([0xc3, 0x28, 0xff, 0xfe]),
  ];
  return ways[index % ways.length]?.() ?? null;
}

/** A small seeded generator (mulberry32, public domain, Tommy Ettinger): uniform in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
