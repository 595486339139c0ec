import type { Consumer, EachBatchPayload } from 'kafkajs';
import { errorOf, messageOf } from '../../errors.js';
import type {
  FetchedBatch,
  GroupMember,
  MemberListener,
  PartitionSession,
} from '../../ports/group-member.js';
import type { KafkaCluster } from '../client/cluster.js';
import { brokerError } from '../client/errors.js';
import { withinLimit } from '../client/call.js';
import { toLogRecord } from '../log/record.js';

export interface MemberOptions {
  readonly group: string;
  readonly topic: string;
  readonly clientId: string;
  /** How long the broker may hold a fetch back until `fetchMinBytes` are there. */
  readonly fetchWaitMs: number;
  readonly fetchMinBytes: number;
  readonly log: (line: string) => void;
}

const SESSION_TIMEOUT_MS = 10_000;
/** Also how soon a member notices a rebalance. */
const HEARTBEAT_INTERVAL_MS = 500;
/** New partitions are seen within this. */
const METADATA_MAX_AGE_MS = 10_000;
/** A commit that failed is tried again this often. */
const COMMIT_RETRY_MS = 500;
/** Who stops must not wait for a coordinator that hangs: where to go on at, the store knows. */
const STOP_LIMIT_MS = 2000;

const FOLLOWED_BY_A_RESTART = { initialRetryTime: 200, maxRetryTime: 5000, retries: 8 };

/** One kafkajs consumer. docs/consumer.md says why a member each and not one for all partitions. */
export class KafkaGroupMember implements GroupMember {
  readonly #consumer: Consumer;
  readonly #options: MemberOptions;
  readonly #cluster: KafkaCluster;
  readonly #wanted = new Map<number, bigint>();
  readonly #committed = new Map<number, bigint>();
  /** Partitions held back until a time, by the timer that lets them go on. */
  readonly #pauses = new Map<number, NodeJS.Timeout>();
  /** Changes at every rebalance: what was handed out under an older one is no longer current. */
  #generation = 0;
  #assigned: ReadonlySet<number> = new Set();
  #assignment: Promise<void> = Promise.resolve();
  #commitTimer: NodeJS.Timeout | null = null;
  #stopping = false;

  constructor(cluster: KafkaCluster, options: MemberOptions) {
    this.#cluster = cluster;
    this.#options = options;
    const client = cluster.client({
      clientId: options.clientId,
      // kafkajs starts a crashed consumer again where the error may pass.
      retry: FOLLOWED_BY_A_RESTART,
    });
    this.#consumer = client.consumer({
      groupId: options.group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      rebalanceTimeout: 30_000,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      minBytes: options.fetchMinBytes,
      maxWaitTimeInMs: options.fetchWaitMs,
      allowAutoTopicCreation: false,
      retry: FOLLOWED_BY_A_RESTART,
    });
  }

  async start(listener: MemberListener): Promise<void> {
    const { topic, group } = this.#options;
    this.#observe(listener);
    await this.#cluster.call(`joining group ${group}`, async () => {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    });
    this.#commitTimer = setInterval(() => void this.#flush(), COMMIT_RETRY_MS);
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#eachBatch(payload, listener),
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#commitTimer !== null) clearInterval(this.#commitTimer);
    for (const timer of this.#pauses.values()) clearTimeout(timer);
    const left = this.#flush().then(() => this.#consumer.disconnect());
    await withinLimit(STOP_LIMIT_MS, () => left).catch((error: unknown) => {
      this.#options.log(`could not leave the group cleanly: ${messageOf(error)}`);
    });
  }

  #observe(listener: MemberListener): void {
    const { GROUP_JOIN, REBALANCING, CRASH, END_BATCH_PROCESS } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[this.#options.topic] ?? [];
      this.#assignment = this.#assign(partitions, listener);
    });
    this.#consumer.on(REBALANCING, () => {
      this.#generation += 1;
    });
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      // Only transaction markers were there: nobody is handed them, but the offset moves on.
      if (payload.batchSize === 0 && payload.topic === this.#options.topic) {
        this.#wanted.set(payload.partition, BigInt(payload.lastOffset) + 1n);
      }
    });
    this.#consumer.on(CRASH, ({ payload }) => {
      this.#generation += 1;
      this.#options.log(`the connection was lost: ${payload.error.message}`);
      if (!payload.restart && !this.#stopping) {
        const { brokers } = this.#cluster.options;
        const doing = `consuming ${this.#options.topic}`;
        listener.failed(brokerError(payload.error, { doing, brokers }));
      }
    });
  }

  /** Never rejects: what goes wrong ends the member through the listener. */
  async #assign(partitions: readonly number[], listener: MemberListener): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    for (const timer of this.#pauses.values()) clearTimeout(timer);
    if (this.#pauses.size > 0) this.#resume([...this.#pauses.keys()]);
    this.#pauses.clear();
    this.#wanted.clear();
    this.#committed.clear();
    this.#assigned = new Set(partitions);
    try {
      const starts = await listener.assigned(partitions);
      if (generation !== this.#generation) return;
      for (const [partition, offset] of starts) {
        this.#seek(partition, offset);
        // Kafka's committed offset follows the store's, also after a crash between the two.
        if (offset > 0n) this.#wanted.set(partition, offset);
      }
    } catch (error) {
      listener.failed(errorOf(error));
    }
  }

  async #eachBatch(payload: EachBatchPayload, listener: MemberListener): Promise<void> {
    const { batch } = payload;
    const assignment = this.#assignment;
    await assignment;
    const generation = this.#generation;
    // A batch fetched before the seek of the assignment is not the one to work on.
    if (assignment !== this.#assignment) return;
    if (payload.isStale() || !payload.isRunning() || this.#stopping) return;
    if (!this.#assigned.has(batch.partition) || this.#pauses.has(batch.partition)) return;
    const isCurrent = () =>
      generation === this.#generation &&
      !this.#stopping &&
      payload.isRunning() &&
      !payload.isStale() &&
      !this.#pauses.has(batch.partition);
    const session: PartitionSession = {
      isCurrent,
      heartbeat: async () => {
        // It throws on a rebalance; kafkajs meets the same answer after this batch and joins again.
        await payload.heartbeat().catch(() => {
          this.#generation += 1;
        });
      },
      commit: async (nextOffset) => {
        // While a rebalance is only being prepared, the coordinator still takes it.
        if (assignment !== this.#assignment) return;
        payload.resolveOffset((nextOffset - 1n).toString());
        this.#wanted.set(batch.partition, nextOffset);
        await this.#flush((topics) => payload.commitOffsetsIfNecessary({ topics }));
      },
      pause: (offset, ms) => {
        this.#pause(batch.partition, offset, ms);
      },
      lost: () => {
        this.#assignment = this.#assign([...this.#assigned], listener);
      },
    };
    await listener.fetched(toFetchedBatch(payload), session);
  }

  #seek(partition: number, offset: bigint): void {
    this.#consumer.seek({ topic: this.#options.topic, partition, offset: offset.toString() });
  }

  #pause(partition: number, offset: bigint, ms: number): void {
    const { topic } = this.#options;
    this.#consumer.pause([{ topic, partitions: [partition] }]);
    this.#seek(partition, offset);
    const timer = setTimeout(() => {
      this.#pauses.delete(partition);
      if (!this.#stopping) this.#resume([partition]);
    }, ms);
    this.#pauses.set(partition, timer);
  }

  #resume(partitions: readonly number[]): void {
    this.#consumer.resume([{ topic: this.#options.topic, partitions: [...partitions] }]);
  }

  /** Commits what is wanted and not yet committed. A failure is logged, and tried again later. */
  async #flush(
    commit: (topics: TopicOffsets[]) => Promise<void> = (topics) => this.#commit(topics),
  ): Promise<void> {
    const due = [...this.#wanted].filter(
      ([partition, offset]) => this.#committed.get(partition) !== offset,
    );
    if (due.length === 0) return;
    const generation = this.#generation;
    const partitions = due.map(([partition, offset]) => ({ partition, offset: offset.toString() }));
    try {
      await commit([{ topic: this.#options.topic, partitions }]);
      if (generation !== this.#generation) return;
      for (const [partition, offset] of due) this.#committed.set(partition, offset);
    } catch (error) {
      this.#options.log(`the commit to Kafka will be tried again: ${messageOf(error)}`);
    }
  }

  /** Outside of a batch; does nothing before the consumer has joined. */
  async #commit(topics: TopicOffsets[]): Promise<void> {
    const offsets = topics.flatMap(({ topic, partitions }) =>
      partitions.map((position) => ({ topic, ...position })),
    );
    await this.#consumer.commitOffsets(offsets);
  }
}

interface TopicOffsets {
  topic: string;
  partitions: { partition: number; offset: string }[];
}

function toFetchedBatch({ batch }: EachBatchPayload): FetchedBatch {
  const { topic, partition } = batch;
  return {
    topic,
    partition,
    records: batch.messages.map((message) => toLogRecord(topic, partition, message)),
    nextOffset: BigInt(batch.lastOffset()) + 1n,
  };
}
