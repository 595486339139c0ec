/** Long-running commands outlive what passes: a leader or coordinator that moves, a broker that restarts. */
import { InterruptedError, mayPass, type CliError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import type { OutageNotice } from './outage-notice.js';

export interface RetriesOptions {
  readonly clock: Clock;
  readonly notice: Pick<OutageNotice, 'failed' | 'over'>;
  /** Between two attempts. */
  readonly intervalMs: number;
  /** A topic may be deleted and recreated; one that is missing for longer ends the command. */
  readonly missingTopicMs: number;
  /** By clock.now(): the last failure is thrown then. Default: never. */
  readonly deadlineMs?: number;
}

/** Decides for each failure whether the command goes on. */
export class Retries {
  readonly #options: RetriesOptions;
  #missingSinceMs: number | null = null;

  constructor(options: RetriesOptions) {
    this.#options = options;
  }

  /**
   * Attempts what may be repeated until it succeeds. Throws what `failed` throws, and InterruptedError when
   * the signal aborts between two attempts.
   */
  async until<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { clock, intervalMs, deadlineMs = Infinity } = this.#options;
    const isOver = () => signal?.aborted === true;
    for (;;) {
      try {
        const result = await attempt();
        this.succeeded();
        return result;
      } catch (error) {
        // What is given up fails for that alone, when its connections close.
        if (isOver()) throw new InterruptedError();
        this.failed(error);
      }
      await clock.wait(Math.min(intervalMs, deadlineMs - clock.now()), signal);
      if (isOver()) throw new InterruptedError();
    }
  }

  /** Throws a failure that does not pass by itself, and any failure once the deadline has passed. */
  failed(error: unknown): void {
    const { clock, notice, missingTopicMs, deadlineMs = Infinity } = this.#options;
    if (!mayPass(error)) throw error;
    const nowMs = clock.now();
    this.#missingSinceMs = isMissingTopic(error) ? (this.#missingSinceMs ?? nowMs) : null;
    const missingMs = this.#missingSinceMs === null ? 0 : nowMs - this.#missingSinceMs;
    if (nowMs >= deadlineMs || (isMissingTopic(error) && missingMs >= missingTopicMs)) throw error;
    notice.failed(error.message);
  }

  succeeded(): void {
    this.#missingSinceMs = null;
    this.#options.notice.over();
  }
}

const MISSING_TOPIC = ['TOPIC_NOT_FOUND', 'UNKNOWN_TOPIC_OR_PARTITION'];

function isMissingTopic({ code }: CliError): boolean {
  return MISSING_TOPIC.includes(code);
}
