import type { GlobalOptions } from '../settings/options.js';

/** A person who asks what is going on does not wait for longer, whatever else may be read by then. */
const MOST_WAIT_MS = 2000;

/** How long each part of a status may take: --timeout where it is on the command line, else 2 s at most. */
export function partLimitMs({ timeoutMs, settings }: GlobalOptions): number {
  const isGiven = settings.some(({ name, source }) => name === 'timeout' && source === 'flag');
  return isGiven ? timeoutMs : Math.min(timeoutMs, MOST_WAIT_MS);
}

/** So that a call which hangs is over when its part is. */
export function withPartLimit(options: GlobalOptions): GlobalOptions {
  return { ...options, timeoutMs: partLimitMs(options) };
}
