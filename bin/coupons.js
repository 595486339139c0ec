#!/usr/bin/env node
// CommonJS (see package.json beside it), which Node starts quicker than a module.
const { existsSync, fstatSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const help = join(__dirname, '../dist/help.txt');

/** The help is kept as text for 80 columns, so that it is there before the program would be loaded. */
function asksForHelp([first = '--help', ...more]) {
  if (more.length > 0 || !['--help', '-h', 'help'].includes(first)) return false;
  return (process.stdout.columns ?? 80) >= 80 && hasReader() && existsSync(help);
}

/** A terminal, a pipe or a socket fails only where its reader is gone; the program knows of all else. */
function hasReader() {
  const stdout = fstatSync(1);
  return process.stdout.isTTY || stdout.isFIFO() || stdout.isSocket();
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
