import type { Clock } from '../ports/clock.js';

/** An answer that takes longer leaves what was known before without a warrant. */
const LATE_MS = 2000;

/** Resolves as `answer` does. While that takes its time, `onLate` is called after 2 s, and then every `everyMs`. */
export async function answered<T>(
  answer: Promise<T>,
  clock: Pick<Clock, 'wait'>,
  everyMs: number,
  onLate: () => void,
): Promise<T> {
  const over = new AbortController();
  void sayWhileLate(clock, everyMs, onLate, over.signal);
  return answer.finally(() => {
    over.abort();
  });
}

async function sayWhileLate(
  clock: Pick<Clock, 'wait'>,
  everyMs: number,
  onLate: () => void,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = LATE_MS; ; waitMs = everyMs) {
    await clock.wait(waitMs, signal);
    if (signal.aborted) return;
    onLate();
  }
}
