/** Whether files can be written, without writing them. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../errors.js';

/** The nearest existing directory of a path. */
export function nearestDirectory(path: string): string {
  const directory = dirname(path);
  return existsSync(directory) || directory === path ? directory : nearestDirectory(directory);
}

/** Why a file can't be written or created; null where it can. Creates nothing. */
export function obstacleTo(path: string): string | null {
  try {
    if (existsSync(path) && !statSync(path).isFile()) return 'it is not a file';
    // "/." makes it an error where a file is in the place of a directory.
    accessSync(existsSync(path) ? path : `${nearestDirectory(path)}/.`, constants.W_OK);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
