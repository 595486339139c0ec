import { getSystemErrorMap } from 'node:util';

/** "no space left on device", without Node's code and call around it. */
export function systemWords({ errno, message }: NodeJS.ErrnoException): string {
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known?.[1] ?? message;
}
