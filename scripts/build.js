// npm run build
//
// dist/: the program in one file; the thread that `consume` gives the store to in another; the help as text, which bin/coupons.js prints without loading the
// program; and the code cache that bin/program.js starts from. In dist/console/, the page that `serve` serves. Types are checked by
// `npm run types`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const require = createRequire(import.meta.url);

/** Node's modules that libraries load at their start and seldom use: they are loaded when used. */
const lateModules = {
  name: 'late-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?(crypto|child_process|tls)$/ }, ({ path, importer }) =>
      /node_modules.(commander|kafkajs)/.test(importer)
        ? { path: path.replace('node:', ''), namespace: 'late' }
        : undefined,
    );
    onLoad({ filter: /^/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('node:${path}')[name] });`,
    }));
  },
};

/** better-sqlite3 looks in a dozen places for its binary, which is always in this one. */
const sqliteBinary = {
  name: 'sqlite-binary',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^bindings$/ }, ({ path }) => ({ path, namespace: 'sqlite' }));
    onLoad({ filter: /^/, namespace: 'sqlite' }, () => ({
      contents: `module.exports = (name) => require('better-sqlite3/build/Release/' + name);`,
    }));
  },
};

rmSync(new URL('dist', root), { recursive: true, force: true });
await Promise.all([bundle(), bundlePage()]).catch(() => process.exit(1)); // Esbuild has said what is wrong.
writeFileSync(new URL('dist/help.txt', root), help());
execFileSync(process.execPath, [fileURLToPath(new URL('scripts/code-cache.js', root))], {
  stdio: ['ignore', 'ignore', 'inherit'],
});

async function bundle() {
  await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: { coupons: 'src/main.ts', 'store-thread': 'src/store/sqlite/thread/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    // Native code, and what most starts do without.
    external: [
      'pg',
      'prom-client',
      ...['csv-parse', 'csv-stringify', 'fzstd', 'lz4js', 'snappyjs'],
    ],
    // A compiled script has no import(); what is bundled needs none, the rest can be required.
    supported: { 'dynamic-import': false },
    plugins: [lateModules, sqliteBinary],
    // Without the second, kafkajs would look at it, and that loads all of Node's crypto.
    define: { 'import.meta.url': 'bundleUrl', 'global.crypto': 'undefined' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    // Not the names: people read them in stack traces.
    minifyWhitespace: true,
    // bin/program.js counts on it.
    charset: 'ascii',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
}

/** All that the page needs is in files of its own: the page's CSP forbids inline scripts and styles. */
async function bundlePage() {
  const page = new URL('src/serve/web/', root);
  const built = new URL('dist/console/', root);
  await build({
    absWorkingDir: fileURLToPath(page),
    entryPoints: [
      { in: 'main.tsx', out: 'console' },
      { in: 'styles/console.css', out: 'console' },
    ],
    outdir: fileURLToPath(built),
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
  copyFileSync(new URL('index.html', page), new URL('index.html', built));
  for (const icon of readdirSync(new URL('icons', page))) {
    copyFileSync(new URL(`icons/${icon}`, page), new URL(icon, built));
  }
}

function help() {
  let text = '';
  const program = require('../dist/coupons.cjs')
    .buildProgram({})
    .configureOutput({ getOutHelpWidth: () => 80, writeOut: (part) => (text += part) });
  program.outputHelp();
  return text;
}
