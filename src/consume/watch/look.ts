import { errorOf } from '../../errors.js';
import type { Clock } from '../../ports/clock.js';

/** What does not answer for longer than this is reported, before the call that asks it gives it up. */
const SILENCE_MS = 5000;

/** Asks once. Resolves to why there is no answer in the end; null: there is one. */
export async function look(
  clock: Clock,
  ask: () => Promise<unknown>,
  onSilence: () => void,
): Promise<Error | null> {
  const answered = new AbortController();
  const failure = ask()
    .then(() => null, errorOf)
    .finally(() => {
      answered.abort();
    });
  await clock.wait(SILENCE_MS, answered.signal);
  if (!answered.signal.aborted) onSilence();
  return failure;
}

/** `what`: "no broker has answered". */
export function silence(what: string): Error {
  return new Error(`${what} for ${String(SILENCE_MS / 1000)} s`);
}

/** Aborting happens elsewhere, which the compiler does not see where it has looked before. */
export function hasAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
