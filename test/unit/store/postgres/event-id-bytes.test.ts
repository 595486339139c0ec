import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isEventId } from '../../../../src/coupon/request.js';
import {
  eventIdBytes,
  eventIdOfBytea,
} from '../../../../src/store/postgres/tables/event-id-bytes.js';

/** As PostgreSQL writes it. */
const bytea = (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString('hex')}`;

const sixteenBytes = fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 16 });
const eventId = fc
  .oneof(fc.uuid(), sixteenBytes, fc.string({ unit: 'grapheme', maxLength: 40 }))
  .filter(isEventId);

it('an eventId comes back from its bytes as it was', () => {
  fc.assert(
    fc.property(eventId, (id) => {
      expect(eventIdOfBytea(bytea(eventIdBytes(id)))).toBe(id);
    }),
  );
});

it('two eventIds have not the same bytes', () => {
  fc.assert(
    fc.property(eventId, eventId, (a, b) => {
      expect(Buffer.compare(eventIdBytes(a), eventIdBytes(b)) === 0).toBe(a === b);
    }),
  );
});

it('text of 16 bytes is not taken for the UUID with the same bytes', () => {
  const text = 'sixteen letters!';
  const hex = Buffer.from(text).toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

  expect(Buffer.from(eventIdBytes(uuid)).toString()).toBe(text);
  expect(eventIdBytes(text)).toHaveLength(17);
});
