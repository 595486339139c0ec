import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The path of a file that is delivered with the program: 'package.json', 'bin/coupons.js'. This file
 * lies as deep in the package as the bundle that it becomes part of, dist/coupons.cjs.
 */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The version of this program. */
export function packageVersion(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
