/**
 * What other clients compress with. kafkajs has gzip only, and a consumer that meets another codec
 * stops for good. Decoding is all that is needed: our own records go uncompressed.
 */
import { decompress as unzstd } from 'fzstd';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

/** The Java client frames snappy as snappy-java does: magic, two versions, then sized blocks. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

function unsnappy(data: Buffer): Buffer {
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

const decodeOnly = (name: string, decode: (data: Buffer) => Uint8Array) => () => ({
  compress: () => Promise.reject(new Error(`${name} is for reading only`)),
  decompress: (data: Buffer) => Promise.resolve(Buffer.from(decode(data))),
});

const { CompressionCodecs, CompressionTypes } = kafkajs;
CompressionCodecs[CompressionTypes.Snappy] = decodeOnly('snappy', unsnappy);
CompressionCodecs[CompressionTypes.LZ4] = decodeOnly('lz4', (data) => lz4.decompress(data));
CompressionCodecs[CompressionTypes.ZSTD] = decodeOnly('zstd', unzstd);
