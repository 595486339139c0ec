import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Below node_modules, so that a bundle finds the libraries. */
const bundles = fileURLToPath(new URL('../../node_modules/.cache/coupons-bench/', import.meta.url));

/** Imports a file of src/, which is bundled for it without these libraries. */
export async function importSource(entry, external) {
  const outfile = `${bundles}${basename(entry, '.ts')}.mjs`;
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external,
    logLevel: 'warning',
  });
  return import(outfile);
}
