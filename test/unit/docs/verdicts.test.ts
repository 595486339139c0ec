/** docs/verdicts.md names a test for each place: the test is there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/verdicts.md', root), 'utf8');

/** The last cell of each row of its tables. */
const cells = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (word|-+) /.test(line))
  .map((line) => line.split('|').at(-2)?.trim() ?? '');

/** `unit/lag/lag "is 0", "is not OK"` */
function namedIn(cell: string): {
  readonly files: readonly string[];
  readonly titles: readonly string[];
} {
  const files = cell.match(/\b(unit|e2e|contract|faults)\/[\w/-]+/g) ?? [];
  const titles = [...cell.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
  return { files, titles };
}

function textOf(file: string): string | null {
  const path = new URL(`test/${file}.test.ts`, root);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

it('each place has a test', () => {
  expect(cells.length).toBeGreaterThan(20);
  for (const cell of cells) expect(namedIn(cell).files.length, cell).toBeGreaterThan(0);
});

it('each test that is named is there, under that title', () => {
  const missing = cells.flatMap((cell) => {
    const { files, titles } = namedIn(cell);
    const texts = files.map(textOf);
    const noFiles = files.filter((_file, index) => texts[index] === null);
    return [...noFiles, ...titles.filter((title) => !texts.join('\n').includes(title))];
  });
  expect(missing).toEqual([]);
});
