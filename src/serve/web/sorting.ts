/** By which column a table is sorted. */
export interface Sorting<Key extends string = string> {
  readonly key: Key;
  readonly isDescending: boolean;
}

/** What a click on a column's title does: largest first, then smallest first, then as it was. */
export function nextSorting<Key extends string>(
  sorting: Sorting<Key> | null,
  key: Key,
): Sorting<Key> | null {
  if (sorting?.key !== key) return { key, isDescending: true };
  return sorting.isDescending ? { key, isDescending: false } : null;
}
