import type { Consumer } from 'kafkajs';
import { messageOf } from '../../errors.js';
import type { Reached } from '../../ports/assignment.js';
import type { GroupStore } from '../../ports/group-store.js';
import { encodeMark } from '../../records/store-mark.js';

/** How long a position may be committed to Kafka after it is durable in the store. */
const COMMIT_AFTER_MS = 200;
/** A commit that failed is tried again after this. */
const RETRY_MS = 500;

interface CommitOptions {
  readonly topic: string;
  /** Committed with each offset. */
  readonly store: GroupStore;
  readonly log: (line: string) => void;
}

/**
 * Commits the positions of one assignment to Kafka, for the tools that look at lag. In the background:
 * the store has the offset to resume at, so nothing waits for a coordinator.
 */
export class OffsetCommits {
  readonly #consumer: Consumer;
  readonly #options: CommitOptions;
  readonly #reached: () => ReadonlyMap<number, Reached>;
  readonly #committed = new Map<number, bigint>();
  #hasEnded = false;
  #timer: NodeJS.Timeout | null = null;
  #committing: Promise<void> = Promise.resolve();

  /** `reached`: where the assignment stands, by partition, whenever it is asked. */
  constructor(
    consumer: Consumer,
    options: CommitOptions,
    reached: () => ReadonlyMap<number, Reached>,
  ) {
    this.#consumer = consumer;
    this.#options = options;
    this.#reached = reached;
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
    const due = [...this.#reached()].filter(
      ([partition, { position }]) => position > 0n && this.#committed.get(partition) !== position,
    );
    if (due.length === 0) return;
    const { topic, store, log } = this.#options;
    try {
      await this.#consumer.commitOffsets(
        due.map(([partition, { position, applied }]) => ({
          topic,
          partition,
          offset: position.toString(),
          metadata: encodeMark({ ...store, applied }),
        })),
      );
      for (const [partition, { position }] of due) this.#committed.set(partition, position);
    } catch (error) {
      log(`the commit to Kafka will be retried: ${messageOf(error)}`);
      this.#schedule(RETRY_MS);
    }
  }
}
