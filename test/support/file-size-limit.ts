import { execFileSync } from 'node:child_process';

/**
 * As a disk that is full: what would make a file of the process larger than this fails (EFBIG, as Node ignores SIGXFSZ). Unlike a
 * small disk it needs no rights.
 */
export function limitFileSizes(pid: number, bytes: number): void {
  setLimit(pid, String(bytes));
}

/** There is room again. */
export function endFileSizeLimit(pid: number): void {
  setLimit(pid, 'unlimited');
}

function setLimit(pid: number, limit: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:unlimited`]);
}
