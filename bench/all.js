import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import { readOptions } from './support/options.js';
import { run } from './support/processes.js';
import { tell } from './support/report.js';

const usage = `
node bench/all.js [--only peer,throughput,...] [--small] [--write]

Runs the benchmarks one after the other and prints their tables; on 2 cores it takes about 45 minutes.

  --only <list>   peer,throughput,produce,growth,audit,rest,hot-campaign,console,startup,
                  several-hosts,growth-postgres,explain-postgres,coupons-bench,
                  metrics
  --small         each as short as it can be: only to see that it runs
  --write         put the tables into docs/performance.md and docs/metrics.md, and the plans into docs/store.md`;

/** For each: its arguments, and those with which it only shows that it runs. */
const BENCHMARKS = {
  peer: {
    args: [],
    small: [
      ...['--count', '200', '--pairs', '1', '--latency-seconds', '1'],
      ...['--modes', 'batch100', '--scenarios', 'latency,issued'],
    ],
  },
  throughput: {
    args: ['--count', '30000', '--runs', '5'],
    small: ['--count', '200', '--runs', '1'],
  },
  produce: { args: [], small: ['--count', '500', '--pairs', '1'] },
  growth: {
    args: [],
    small: ['--levels', '100,1000', '--count', '200', '--runs', '1', '--letters', '10'],
  },
  audit: { args: [], small: ['--counts', '100,200', '--runs', '1'] },
  rest: { args: [], small: ['--seconds', '1', '--modes', 'single'] },
  'hot-campaign': { args: [], small: ['--count', '200', '--runs', '1', '--modes', 'single'] },
  console: { args: [], small: ['--count', '300', '--runs', '1', '--viewers', '2'] },
  startup: { args: [], small: ['--runs', '1'] },
  'several-hosts': { args: [], small: ['--count', '600', '--runs', '1', '--modes', 'batch500'] },
  'growth-postgres': {
    args: [],
    small: ['--levels', '100,1000', '--count', '200', '--runs', '1'],
  },
  'explain-postgres': { args: [], small: ['--rows', '2000'], page: 'store.md' },
  'coupons-bench': {
    args: [],
    small: ['--count', '300', '--runs', '1', '--latency-seconds', '1', '--modes', 'single,batch'],
  },
  metrics: {
    args: [],
    small: ['--count', '200', '--runs', '1', '--modes', 'batch500'],
    page: 'metrics.md',
  },
};

const names = Object.keys(BENCHMARKS);
const { only, small, write } = readOptions({
  usage,
  defaults: { only: names, small: false, write: false },
  choices: { only: names },
});

for (const name of only) {
  const script = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  const { args, small: smallArgs, page = 'performance.md' } = BENCHMARKS[name];
  tell(`--- ${name}`);
  const tables = await run(process.execPath, [script, ...(small ? smallArgs : args)]);
  console.log(tables);
  if (write) await writeInto(page, name, tables);
}

/** Between <!-- name --> and <!-- end -->. */
async function writeInto(page, name, tables) {
  const path = fileURLToPath(new URL(`../docs/${page}`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const place = new RegExp(`(<!-- ${name} -->\\n).*?(<!-- end -->)`, 's');
  if (!place.test(text)) throw new Error(`${path} has no place for ${name}.`);
  const withoutTitle = tables.replace(/^### .*\n/, ''); // The page has its own.
  const written = text.replace(place, (_, start, end) => `${start}\n${withoutTitle}\n${end}`);
  const format = { ...(await prettier.resolveConfig(path)), filepath: path };
  writeFileSync(path, await prettier.format(written, format));
}
