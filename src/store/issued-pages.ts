import type { IssuedCoupon } from '../ports/coupon-store.js';

/** Where a page starts: behind this coupon. */
export type PageStart = Pick<IssuedCoupon, 'couponId' | 'sequence'>;

/** How many coupons a page has. */
export const PAGE_SIZE = 1000;

/** All coupons, in pages of PAGE_SIZE, each a read of its own: a slow reader keeps nothing open. */
export async function* issuedPages(
  readPage: (after: PageStart | undefined) => Promise<readonly IssuedCoupon[]>,
): AsyncGenerator<readonly IssuedCoupon[]> {
  let after: PageStart | undefined;
  do {
    const page = await readPage(after);
    if (page.length > 0) yield page;
    after = page.length === PAGE_SIZE ? page.at(-1) : undefined;
  } while (after !== undefined);
}
