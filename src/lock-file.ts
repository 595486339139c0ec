import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lock is held for some ms: one of this age was left by a process that was killed. */
const LOCK_LEFT_MS = 3000;
const LOCK_RETRY_MS = 10;

/** Creates the file `lock`, and its directory, once no other process has it. Throws what the system says. */
export async function takeLock(lock: string): Promise<void> {
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      writeFileSync(lock, '', { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const taken = statSync(lock, { throwIfNoEntry: false });
    if (taken !== undefined && Date.now() - taken.mtimeMs > LOCK_LEFT_MS) releaseLock(lock);
    await sleep(LOCK_RETRY_MS);
  }
}

export function releaseLock(lock: string): void {
  rmSync(lock, { force: true });
}
