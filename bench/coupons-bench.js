import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Coupons } from './support/coupons.js';
import { openWorkspace } from './support/workspace.js';

// node bench/coupons-bench.js [options of coupons bench]
// `coupons bench` as a user runs it; prints its report, for bench/all.js.
const workspace = openWorkspace();
const file = join(workspace, 'report.md');
const coupons = new Coupons({ dataDir: workspace });
await coupons.run(['bench', ...process.argv.slice(2), '--report', file]);
const [, ...report] = readFileSync(file, 'utf8').split('\n');
console.log(report.join('\n').trim());
process.exit(0);
