#!/usr/bin/env node
// CommonJS (see package.json beside it), which Node starts quicker than a module.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const help = join(__dirname, '../dist/help.txt');

/** The help is kept as text for 80 columns, so that it is there before the program would be loaded. */
function asksForHelp([first = '--help', ...more]) {
  if (more.length > 0 || !['--help', '-h', 'help'].includes(first)) return false;
  return (process.stdout.columns ?? 80) >= 80 && existsSync(help);
}

if (asksForHelp(process.argv.slice(2))) {
  process.stdout.on('error', () => process.exit(0));
  process.stdout.write(readFileSync(help));
} else {
  const { file, load } = require('./program.js');
  if (existsSync(file)) {
    void load().main(process.argv);
  } else {
    process.stderr.write(
      'error: coupons is not built yet\n  hint: run `npm ci` (or `npm run build`) first\n',
    );
    process.exitCode = 1;
  }
}
