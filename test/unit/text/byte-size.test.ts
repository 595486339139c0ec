import { expect, it } from 'vitest';
import { byteSize } from '../../../src/text/byte-size.js';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [10_188, '9.9 KiB'],
  [10_189, '10 KiB'],
  [380_941, '372 KiB'],
  [1_048_063, '1023 KiB'],
  [1_048_064, '1.0 MiB'],
  [100 * 1024 ** 2, '100 MiB'],
  [1024 ** 3, '1.0 GiB'],
  [1024 ** 4, '1.0 TiB'],
  [2000 * 1024 ** 4, '2000 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
