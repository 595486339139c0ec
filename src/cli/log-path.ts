import { join } from 'node:path';
import type { Services } from './services.js';

/** Where `consume` logs unless --log-file says otherwise, and where others tell to look. */
export function logPathOf({ options }: Services): string {
  return join(options.dataDir, 'logs', 'application.log');
}
