// The program as it is delivered: one file, dist/coupons.cjs, and beside it what V8 made of that file
// when it was built, so that a start neither looks for 300 files nor compiles them.
const { readFileSync } = require('node:fs');
const { enableCompileCache, wrap } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const file = join(__dirname, '../dist/coupons.cjs');
const codeCache = `${file}.cache`;

/** As a module is compiled by Node, but that a cache may be given and taken. */
function compile(cachedData) {
  // The bundle is ASCII, which this reads quickest.
  return new Script(wrap(readFileSync(file, 'latin1')), { filename: file, cachedData });
}

/** What the bundle exports. */
function run(script) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return module.exports;
}

/** Undefined where it is not there, or not for this user. */
function readIfAny(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** What src/main.ts exports. The code cache fits the Node that it was built with; others do without. */
function load() {
  if (process.env.COUPONS_DEBUG !== undefined) {
    // Stack traces of the sources, which Node offers for modules only.
    process.setSourceMapsEnabled(true);
    return require(file);
  }
  const cachedData = readIfAny(codeCache);
  if (cachedData !== undefined) {
    const script = compile(cachedData);
    if (!script.cachedDataRejected) return run(script);
  }
  // Node 22 and newer keep what they have compiled for the next start.
  enableCompileCache?.();
  return require(file);
}

module.exports = { codeCache, compile, file, load, run };
