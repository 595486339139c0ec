// node scripts/sum-tests.js <report.json>...
// Adds up vitest's JSON reports and prints "N passed, M failed". Exits 1 if anything failed. A
// report that is missing, or a file that could not even be loaded, is a failure as well.
import { existsSync, readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  if (!existsSync(path)) {
    console.error(`No report ${path}: that run ended before its tests did.`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  failed += report.success ? 0 : Math.max(report.numFailedTests, 1);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
