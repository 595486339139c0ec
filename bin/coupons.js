#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await (await import(main.href)).main(process.argv);
} else {
  process.stderr.write(
    'error: coupons is not built yet\n  hint: run `npm ci` (or `npm run build`) first\n',
  );
  process.exitCode = 1;
}
