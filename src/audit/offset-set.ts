/** Offsets a page: 4 KiB of bits. */
const PAGE_OFFSETS = 32_768;

/**
 * Offsets of one partition, at most one bit for each offset between the lowest and the highest:
 * 10 million take 1.3 MB.
 */
export class OffsetSet {
  readonly #pages = new Map<number, Uint32Array>();

  add(offset: bigint): void {
    const { page, word, bit } = placeOf(offset);
    const words = this.#pages.get(page) ?? new Uint32Array(PAGE_OFFSETS / 32);
    this.#pages.set(page, words);
    words[word] = (words[word] ?? 0) | bit;
  }

  has(offset: bigint): boolean {
    const { page, word, bit } = placeOf(offset);
    return ((this.#pages.get(page)?.[word] ?? 0) & bit) !== 0;
  }
}

function placeOf(offset: bigint) {
  const within = Number(offset % BigInt(PAGE_OFFSETS));
  return {
    page: Number(offset / BigInt(PAGE_OFFSETS)),
    word: within >>> 5,
    bit: 1 << (within & 31),
  };
}
