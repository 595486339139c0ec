import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MEANINGS } from '../../../../src/serve/web/language/ko/failures.js';

const SOURCES = new URL('../../../../src/', import.meta.url).pathname;

/** All code but the page's. */
function source(): string {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('serve/web/'))
    .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
    .join('\n');
}

it('a failure has words of its own where the program has its code', () => {
  const program = source();
  expect([...MEANINGS.keys()].filter((code) => !program.includes(`'${code}'`))).toEqual([]);
});
