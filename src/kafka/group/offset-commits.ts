import type { Consumer } from 'kafkajs';
import { errorOf, messageOf } from '../../errors.js';
import type { Reached } from '../../ports/assignment.js';
import type { GroupStore } from '../../ports/group-store.js';
import { encodeMark } from '../../records/store-mark.js';
import { protocolErrorType } from '../client/errors.js';
import { saysRebalance } from './rebalance.js';

/** How long a position may be committed to Kafka after it is durable in the store. */
const COMMIT_AFTER_MS = 200;
/** A commit that failed is tried again after this. */
const RETRY_MS = 500;

interface CommitOptions {
  readonly topic: string;
  /** Committed with each offset. */
  readonly store: GroupStore;
  readonly log: (line: string) => void;
  /** As MemberListener says. */
  readonly committed: (refusal: Error | null) => void;
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

  /**
   * Before the first record of a partition that the store knows nothing of: commits where it starts, also
   * offset 0, so that a member with another store sees that the group has one, whatever dies next. Resolves
   * to false where the coordinator does not take it now.
   */
  async claim(partition: number): Promise<boolean> {
    const applied = this.#reached().get(partition)?.applied ?? null;
    if (applied !== null || this.#committed.has(partition)) return true;
    try {
      await this.#commitThose(([each]) => each === partition);
      return true;
    } catch (error) {
      this.#failed(error, `partition ${String(partition)} waits for its commit`);
      return false;
    }
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
    await this.#commitThose(
      ([partition, { position }]) => position > 0n && this.#committed.get(partition) !== position,
    ).catch((error: unknown) => {
      this.#failed(error, 'the commit to Kafka will be retried');
      this.#schedule(RETRY_MS);
    });
  }

  /** A connection that fails is reported with its broker, and not for each of its users. */
  #failed(error: unknown, what: string): void {
    const { log, committed } = this.#options;
    log(`${what}: ${messageOf(error)}`);
    // After a rebalance the next assignment commits.
    if (protocolErrorType(error) !== null && !saysRebalance(error)) committed(errorOf(error));
  }

  async #commitThose(isDue: (each: [number, Reached]) => boolean): Promise<void> {
    const due = [...this.#reached()].filter(isDue);
    if (due.length === 0) return;
    const { topic, store } = this.#options;
    await this.#consumer.commitOffsets(
      due.map(([partition, { position, applied }]) => ({
        topic,
        partition,
        offset: position.toString(),
        metadata: encodeMark({ ...store, applied }),
      })),
    );
    for (const [partition, { position }] of due) this.#committed.set(partition, position);
    this.#options.committed(null);
  }
}
