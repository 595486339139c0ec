/**
 * Rows in the order of a key, page by page: `read` gives those behind a key, none where there are no more. Each page is
 * asked for before the one before it is worked on.
 */
export async function* pagesBehind<Row, Key>(
  read: (after: Key) => Promise<readonly Row[]>,
  first: Key,
  keyOf: (row: Row) => Key,
): AsyncGenerator<readonly Row[]> {
  let asked = read(first);
  for (;;) {
    const page = await asked;
    const last = page.at(-1);
    if (last === undefined) return;
    asked = read(keyOf(last));
    // Where it fails, that is thrown when the page's turn has come, if it comes.
    asked.catch(() => undefined);
    yield page;
  }
}
