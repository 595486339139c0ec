/**
 * What other clients compress with. kafkajs has gzip only, and a consumer that meets another codec
 * stops for good. Decoding is all that is needed: our own records go uncompressed. A decoder is loaded
 * when the first batch needs it.
 */
import kafkajs from 'kafkajs';

/** The Java client frames snappy as snappy-java does: magic, two versions, then sized blocks. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

async function unsnappy(data: Buffer): Promise<Buffer> {
  const { default: snappy } = await import('snappyjs');
  if (!data.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
    return Buffer.from(snappy.uncompress(data));
  }
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < data.length;) {
    const size = data.readInt32BE(at);
    const start = at + 4;
    blocks.push(Buffer.from(snappy.uncompress(data.subarray(start, start + size))));
    at = start + size;
  }
  return Buffer.concat(blocks);
}

async function unlz4(data: Buffer): Promise<Uint8Array> {
  const { default: lz4 } = await import('lz4js');
  return lz4.decompress(data);
}

async function unzstd(data: Buffer): Promise<Uint8Array> {
  const { decompress } = await import('fzstd');
  return decompress(data);
}

const decodeOnly = (name: string, decode: (data: Buffer) => Promise<Uint8Array>) => () => ({
  compress: () => Promise.reject(new Error(`${name} is for reading only`)),
  decompress: async (data: Buffer) => Buffer.from(await decode(data)),
});

const { CompressionCodecs, CompressionTypes } = kafkajs;
CompressionCodecs[CompressionTypes.Snappy] = decodeOnly('snappy', unsnappy);
CompressionCodecs[CompressionTypes.LZ4] = decodeOnly('lz4', unlz4);
CompressionCodecs[CompressionTypes.ZSTD] = decodeOnly('zstd', unzstd);
