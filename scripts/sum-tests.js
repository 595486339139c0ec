// node scripts/sum-tests.js <report.json>...
// Adds up vitest's JSON reports. Names each test that failed, with the first line of its error, and prints
// "N passed, M failed" as the last line. Exits 1 if anything failed. A report that is missing, or a file
// that could not even be loaded, is a failure as well.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** What failed in a report, a line each: a file that could not be loaded, else its tests. */
function failures({ testResults = [] }) {
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(process.cwd(), name);
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [`${file}: ${firstLine(message)}`];
      return failed.map(
        ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages[0])}`,
      );
    });
}

const firstLine = (text = '') => text.split('\n')[0];

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  if (!existsSync(path)) {
    console.log(`No report ${path}: that run ended before its tests did.`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  for (const line of failures(report)) console.log(line);
  passed += report.numPassedTests;
  failed += report.success ? 0 : Math.max(report.numFailedTests, 1);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
