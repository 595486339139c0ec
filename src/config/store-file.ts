/** The file of the store in the data directory where no --store is given, of every call without a context. */
export const STORE_FILE = 'coupons.db';

/**
 * Of a context: each is another cluster, and a store has read one. No name gives STORE_FILE, nor a path
 * (names in a config file that was written by hand may have any character).
 */
export function storeFileOf(contextName: string | null): string {
  return contextName === null ? STORE_FILE : `coupons-${encodeURIComponent(contextName)}.db`;
}
