import type { ConnectionOptions } from 'node:tls';
import type { PostgresLocation } from './target.js';

/** What the driver takes for an sslmode. */
export function tlsOf({ sslMode }: PostgresLocation): ConnectionOptions | false {
  if (sslMode === 'disable' || sslMode === 'prefer') return false;
  return { rejectUnauthorized: sslMode !== 'require' };
}
