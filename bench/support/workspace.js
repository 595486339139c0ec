import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A directory for what a benchmark writes. It is removed when the process ends, by whatever but SIGKILL;
 * what was started must have ended by then.
 */
export function openWorkspace() {
  const directory = mkdtempSync(join(tmpdir(), 'coupons-bench-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  return directory;
}
