import type { Clock } from '../../ports/clock.js';

/** How long one look at the lag waits for the broker. */
const ANSWER_LIMIT_MS = 700;
/** An answer that is older says nothing about now. */
const FRESH_MS = 2500;

/** The lag of the group as it is known now. Asks one question at a time, however long it takes. */
export class LagQuestion {
  #isAsking = false;
  #answer: { readonly lag: bigint; readonly atMs: number } | null = null;

  constructor(
    private readonly ask: () => Promise<bigint>,
    private readonly clock: Clock,
  ) {}

  /** Null where no broker has answered lately, or the last question has failed. Never rejects. */
  async lag(): Promise<bigint | null> {
    if (!this.#isAsking) await this.#askFor(ANSWER_LIMIT_MS);
    const answer = this.#answer;
    if (answer === null || this.clock.now() - answer.atMs > FRESH_MS) return null;
    return answer.lag;
  }

  /** Resolves when it is answered, or after `limitMs`: the answer then still counts when it comes. */
  async #askFor(limitMs: number): Promise<void> {
    this.#isAsking = true;
    const answered = new AbortController();
    const asked = this.#answered().finally(() => {
      this.#isAsking = false;
      answered.abort();
    });
    await Promise.race([asked, this.clock.wait(limitMs, answered.signal)]);
  }

  async #answered(): Promise<void> {
    try {
      const lag = await this.ask();
      this.#answer = { lag, atMs: this.clock.now() };
    } catch {
      this.#answer = null;
    }
  }
}
