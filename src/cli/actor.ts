import { hostname, userInfo } from 'node:os';
import type { Actor } from '../ports/store-history.js';

/** Who runs this command. */
export function actor(): Actor {
  return { user: userName(), host: hostname(), pid: process.pid };
}

/** A container may run as a uid that no passwd file names. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}

/** As the version of a campaign's terms names who set them: "ops@web-1". */
export function changedBy({ user, host }: Pick<Actor, 'user' | 'host'> = actor()): string {
  return `${user}@${host}`;
}
