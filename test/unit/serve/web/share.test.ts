import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../../src/serve/web/share.js';

describe('sharing what is equal', () => {
  it('gives what is equal to the new data, whatever the old one was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        expect(share(before, after)).toEqual(after);
      }),
    );
  });

  it('gives the old object itself where the new one is equal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(share(data, JSON.parse(JSON.stringify(data)) as unknown)).toBe(
          // JSON has no -0.
          Object.is(data, -0) ? 0 : data,
        );
      }),
    );
  });

  it('takes a key that is gone, a null for an object and a shorter array for changes', () => {
    expect(share({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
    expect(share({ a: { b: 1 } }, { a: null })).toEqual({ a: null });
    expect(share([1, 2, 3], [1, 2])).toEqual([1, 2]);
  });
});
