import type { Consumer } from 'kafkajs';
import { messageOf } from '../../errors.js';

/** How long a position may be committed to Kafka after it is durable in the store. */
const COMMIT_AFTER_MS = 200;
/** A commit that failed is tried again after this. */
const RETRY_MS = 500;

interface CommitOptions {
  readonly topic: string;
  readonly log: (line: string) => void;
}

/**
 * Commits the positions of one assignment to Kafka, for the tools that look at lag. In the background:
 * the store has the offset to resume at, so nothing waits for a coordinator.
 */
export class OffsetCommits {
  readonly #consumer: Consumer;
  readonly #options: CommitOptions;
  readonly #positions: () => ReadonlyMap<number, bigint>;
  readonly #committed = new Map<number, bigint>();
  #hasEnded = false;
  #timer: NodeJS.Timeout | null = null;
  #committing: Promise<void> = Promise.resolve();

  /** `positions`: where the assignment stands, by partition, whenever it is asked. */
  constructor(
    consumer: Consumer,
    options: CommitOptions,
    positions: () => ReadonlyMap<number, bigint>,
  ) {
    this.#consumer = consumer;
    this.#options = options;
    this.#positions = positions;
  }

  /** A position has moved. */
  soon(): void {
    this.#schedule(COMMIT_AFTER_MS);
  }

  /** Commits what is due. Never rejects. */
  flush(): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commit());
    return this.#committing;
  }

  /**
   * The partitions are taken away. What is due is sent at once: while a rebalance is being prepared, the
   * coordinator still takes it.
   */
  end(): void {
    this.#hasEnded = true;
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    void this.flush();
  }

  #schedule(ms: number): void {
    if (this.#hasEnded) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, ms);
  }

  async #commit(): Promise<void> {
    // Offset 0 says no more than that nothing is committed.
    const due = [...this.#positions()].filter(
      ([partition, offset]) => offset > 0n && this.#committed.get(partition) !== offset,
    );
    if (due.length === 0) return;
    const { topic, log } = this.#options;
    try {
      await this.#consumer.commitOffsets(
        due.map(([partition, offset]) => ({ topic, partition, offset: offset.toString() })),
      );
      for (const [partition, offset] of due) this.#committed.set(partition, offset);
    } catch (error) {
      log(`the commit to Kafka will be retried: ${messageOf(error)}`);
      this.#schedule(RETRY_MS);
    }
  }
}
