import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import '../../../src/kafka/client/codecs.js';

const TEXT = 'first come, first served; '.repeat(20);

const { Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;

/** What each client wrote of TEXT; librdkafka's is a whole record, with its header around the text. */
const CAPTURED: readonly (readonly [string, number, string])[] = [
  [
    'snappy of the Java client',
    Snappy,
    '82534e415050590000000001000000010000003388042c666972737420636f6d652c20090c187365727665643b0d0efe1a00fe1a00fe1a00fe1a00fe1a00fe1a00fe1a009e1a00',
  ],
  [
    'lz4 of the Java client',
    LZ4,
    '04224d1860408224000000c2666972737420636f6d652c200c00737365727665643b0e000f1a00ffd1507665643b2000000000',
  ],
  [
    'zstd of the Java client',
    ZSTD,
    '28b52ffd0058fc000098666972737420636f6d652c207365727665643b0300e53d1588e9ccb19204010000',
  ],
  [
    'snappy of librdkafka',
    Snappy,
    '91044c9e08000000019008666972737420636f6d652c20090c187365727665643b0d0efe1a00fe1a00fe1a00fe1a00fe1a00fe1a00fe1a009e1a000000',
  ],
  [
    'lz4 of librdkafka',
    LZ4,
    '04224d186040822d000000f2059e08000000019008666972737420636f6d652c200c00737365727665643b0e000f1a00ffd25065643b200000000000',
  ],
  [
    'zstd of librdkafka',
    ZSTD,
    '28b52ffd00583d0100e89e08000000019008666972737420636f6d652c207365727665643b20000200eb3d1577ac3001',
  ],
];

interface Codec {
  decompress(data: Buffer): Promise<Buffer>;
}

const codecs = kafkajs.CompressionCodecs as unknown as Readonly<Record<number, () => Codec>>;

async function textOf(type: number, data: Buffer): Promise<string> {
  return String(await codecs[type]?.().decompress(data));
}

it.each(CAPTURED)('%s is read', async (_what, type, hex) => {
  const text = await textOf(type, Buffer.from(hex, 'hex'));
  expect(text).toContain(TEXT);
  expect(text.length - TEXT.length).toBeLessThan(20);
});

it('snappy of several blocks is put together in order', async () => {
  const [, , hex] = CAPTURED[0] ?? [];
  const whole = Buffer.from(hex ?? '', 'hex');
  const twice = Buffer.concat([whole, whole.subarray(16)]);
  expect(await textOf(Snappy, twice)).toBe(TEXT + TEXT);
});
