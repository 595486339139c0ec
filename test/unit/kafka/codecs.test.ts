import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import '../../../src/kafka/client/codecs.js';
import { CAPTURED, TEXT } from './fixtures/compressed.js';

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
  expect(await textOf(kafkajs.CompressionTypes.Snappy, twice)).toBe(TEXT + TEXT);
});
