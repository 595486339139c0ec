/** CRC-32C (Castagnoli), which record batches carry; zlib's crc32 is another polynomial. */

const POLYNOMIAL = 0x82f63b78;

/** Eight tables, so that eight bytes are taken at a step ("slicing by 8"). */
const tables = buildTables();

function buildTables(): Uint32Array {
  const table = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at++) {
    const previous = table[at - 256] ?? 0;
    table[at] = (previous >>> 8) ^ (table[previous & 255] ?? 0);
  }
  return table;
}

export function crc32c(bytes: Uint8Array): number {
  const at = (table: number, index: number): number => tables[table * 256 + index] ?? 0;
  const byte = (index: number): number => bytes[index] ?? 0;
  let crc = 0xffffffff;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    crc =
      at(7, (crc ^ byte(i)) & 255) ^
      at(6, ((crc >>> 8) ^ byte(i + 1)) & 255) ^
      at(5, ((crc >>> 16) ^ byte(i + 2)) & 255) ^
      at(4, ((crc >>> 24) ^ byte(i + 3)) & 255) ^
      at(3, byte(i + 4)) ^
      at(2, byte(i + 5)) ^
      at(1, byte(i + 6)) ^
      at(0, byte(i + 7));
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ at(0, (crc ^ byte(i)) & 255);
  return ~crc >>> 0;
}
