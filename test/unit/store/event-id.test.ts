import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packEventId, unpackEventId } from '../../../src/store/event-id.js';

const UUID = '0123abcd-4567-89ef-0000-ffffffffffff';

describe('an eventId in the file', () => {
  it('is 16 bytes where it is a UUID', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const packed = packEventId(uuid);
        expect(packed).toHaveLength(16);
        expect(packed).toBeInstanceOf(Uint8Array);
        expect(unpackEventId(packed)).toBe(uuid);
      }),
    );
  });

  it.each([
    ['a capital', UUID.replace('a', 'A')],
    ['no dash', UUID.replaceAll('-', '')],
    ['a dash elsewhere', '0123abc-d4567-89ef-0000-ffffffffffff'],
    ['a dash too many', `${UUID.slice(0, -1)}-`],
    ['a letter that is no digit', UUID.replace('f', 'g')],
    ['a letter outside of ASCII', UUID.replace('f', 'é')],
    ['one digit more', `${UUID}0`],
    ['one digit less', UUID.slice(0, -1)],
  ])('stays text with %s', (_, eventId) => {
    expect(packEventId(eventId)).toBe(eventId);
  });

  it('comes back as it was, whatever it is', () => {
    const almostUuid = fc
      .tuple(fc.uuid(), fc.nat(35), fc.string({ maxLength: 1 }))
      .map(([uuid, at, text]) => uuid.slice(0, at) + text + uuid.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uuid(), almostUuid), (eventId) => {
        expect(unpackEventId(packEventId(eventId))).toBe(eventId);
      }),
    );
  });
});
