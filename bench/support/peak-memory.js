import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VARIABLE = 'COUPONS_BENCH_PEAK_MEMORY';

// Node.js loads this file in the process that is measured (--import): it leaves its peak in a file.
const report = process.env[VARIABLE];
if (report !== undefined) {
  process.once('exit', () => writeFileSync(report, String(process.resourceUsage().maxRSS)));
}

/** The environment with which a Node.js process leaves its peak memory in `file`. */
export function peakMemoryInto(file) {
  return { [VARIABLE]: file, NODE_OPTIONS: `--import ${fileURLToPath(import.meta.url)}` };
}

/** Resident memory at its highest, in MB, once the process has ended. */
export function peakMemoryMb(file) {
  return (Number(readFileSync(file, 'utf8')) * 1024) / 1e6;
}
