import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const dirs: string[] = [];

/** A new, empty directory. It is removed when the test file ends, or the process that runs it. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'coupons-test-'));
  dirs.push(dir);
  return dir;
}

function removeAll(): void {
  // A process that was just killed may still write: rmSync then retries.
  for (const dir of dirs.splice(0)) {
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  }
}

// Hooks run in the reverse order of their declaration, and an import comes first: what a test file
// closes in its own afterAll is closed before.
afterAll(removeAll);
process.once('exit', removeAll);
