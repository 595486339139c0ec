import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** Linux tells the times of processes, in ticks of 10 ms (proc(5)). */
export const isTold = existsSync('/proc/self/stat');
const TICK_MS = 10;

/** Processor time in ms of a process, its children that run, and its children that have ended. */
export function processorTimeMs(pid) {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === pid);
  const own = statOf(pid);
  return [own, ...children].reduce((sum, { ms }) => sum + ms, own.endedChildrenMs);
}

/** The same of the children of this process that have ended. */
export function endedChildrenTimeMs() {
  return statOf(process.pid).endedChildrenMs;
}

/** Undefined where there is no such process any more. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold any character.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const parent = fields[1];
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15);
    return {
      parent,
      ms: (user + system) * TICK_MS,
      endedChildrenMs: (childrenUser + childrenSystem) * TICK_MS,
    };
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}
