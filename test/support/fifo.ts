import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryDir } from './temporary-dir.js';

/** The path of a new FIFO (a named pipe): Node.js itself cannot make one. */
export function newFifo(): string {
  const path = join(temporaryDir(), 'fifo');
  execFileSync('mkfifo', [path]);
  return path;
}
