import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;

/**
 * Calls `condition` until it neither throws nor gives false, and resolves to what it gave. Throws
 * at the deadline (30 s), with the condition's last error as its cause.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 30_000 }: { readonly deadlineMs?: number } = {},
): Promise<Exclude<T, false>> {
  const deadline = Date.now() + deadlineMs;
  let cause: unknown = new Error('The condition stayed false.');
  do {
    try {
      const result = await condition();
      if (result !== false) return result as Exclude<T, false>;
    } catch (error) {
      cause = error;
    }
    await delay(pollMs);
  } while (Date.now() < deadline);
  const last = cause instanceof Error ? cause.message : String(cause);
  throw new Error(`Not within ${deadlineMs} ms: ${last}`, { cause });
}
