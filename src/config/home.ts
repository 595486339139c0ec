/** The home directory of the user, which a container's user may not have. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.js';

/** Null where HOME is not set and the user of this process has no entry in the system's list of users. */
export function homeDirectory(): string | null {
  try {
    const home = homedir();
    return home === '' ? null : home;
  } catch {
    return null;
  }
}

/** A path below the home directory. Throws UsageError with `hint` where there is none. */
export function belowHome(hint: string, ...path: readonly string[]): string {
  const home = homeDirectory();
  if (home === null) {
    throw new UsageError(
      'This user has no home directory: HOME is not set, and the system does not know the user.',
      hint,
    );
  }
  return join(home, ...path);
}
