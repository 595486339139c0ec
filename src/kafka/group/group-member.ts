import kafkajs, { type EachBatchPayload } from 'kafkajs';
import { messageOf } from '../../errors.js';
import { Assignment } from '../../ports/assignment.js';
import type { GroupStore } from '../../ports/group-store.js';
import type {
  AssignmentWorker,
  FetchedBatch,
  GroupMember,
  MemberListener,
} from '../../ports/group-member.js';
import type { KafkaCluster } from '../client/cluster.js';
import { withinLimit } from '../client/call.js';
import { brokerError, passesByItself } from '../client/errors.js';
import { toLogRecord } from '../log/record.js';
import { Heartbeats } from './heartbeats.js';
import { memberConsumer, type MemberConsumer } from './member-consumer.js';
import { OffsetCommits } from './offset-commits.js';

export interface MemberOptions {
  readonly group: string;
  readonly topic: string;
  readonly clientId: string;
  /** How long the broker may hold a fetch back until `fetchMinBytes` are there. */
  readonly fetchWaitMs: number;
  readonly fetchMinBytes: number;
  /** The coordinator gives up a member that it has not heard of for so long. */
  readonly sessionTimeoutMs?: number;
  /** Which this member works on: it says so in its subscription and with each offset it commits. */
  readonly store: GroupStore;
  readonly log: (line: string) => void;
}

/** How long leaving the group properly may take. */
const LEAVE_MS = 800;
/** How long the coordinator is asked to forget a member that could not leave. */
const FORGET_MS = 300;
/** A partition whose first commit was refused is read again after this. */
const CLAIM_AGAIN_MS = 500;
const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 5000;

/** What the member has at the moment. */
interface Held {
  readonly assignment: Assignment;
  readonly worker: AssignmentWorker;
}

/** One kafkajs consumer. docs/consumer.md says why a member each and not one for all partitions. */
export class KafkaGroupMember implements GroupMember {
  readonly #cluster: KafkaCluster;
  readonly #options: MemberOptions;
  #isStopping = false;
  #running: MemberConsumer | null = null;
  #held: Held | null = null;
  #commits: OffsetCommits | null = null;
  #working: Promise<void> = Promise.resolve();
  /** Since it was last given an assignment. */
  #restarts = 0;
  #restart: NodeJS.Timeout | null = null;
  /** By partition, the position before which kafkajs fetched. */
  readonly #misread = new Map<number, bigint>();

  constructor(cluster: KafkaCluster, options: MemberOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  start(listener: MemberListener): void {
    void this.#run(listener);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const running = this.#running;
    if (running === null) return;
    const isMember = this.#held !== null;
    this.#held?.assignment.close();
    const left = isMember && (await isDone(LEAVE_MS, () => this.#leave(running)));
    // A member that is still joining would be given partitions first, and one that can't leave would
    // keep them until its session times out: the coordinator is asked on another connection.
    if (!left) await isDone(FORGET_MS, () => running.forget());
    this.#end();
    running.destroy();
  }

  async #leave(running: MemberConsumer): Promise<void> {
    await this.#working;
    await this.#commits?.flush();
    await running.leave();
  }

  /** Never rejects: what goes wrong is either tried again or ends the member through the listener. */
  async #run(listener: MemberListener): Promise<void> {
    const { topic } = this.#options;
    const running = memberConsumer(this.#cluster, this.#options);
    this.#running = running;
    this.#observe(running, listener);
    try {
      await running.consumer.connect();
      await running.consumer.subscribe({ topics: [topic], fromBeginning: true });
      if (this.#isStopping) return;
      await running.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
    } catch (error) {
      this.#crashed(running, error, listener);
    }
  }

  #observe(running: MemberConsumer, listener: MemberListener): void {
    const { consumer } = running;
    const { GROUP_JOIN, REBALANCING, CRASH, END_BATCH_PROCESS } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#assigned(running, payload.memberAssignment[this.#options.topic] ?? [], listener);
    });
    consumer.on(REBALANCING, () => {
      running.rebalancing();
      this.#end();
    });
    consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      // Only transaction markers were there: they are not delivered, but the offset moves on.
      const { topic, partition, batchSize, lastOffset } = payload;
      if (batchSize === 0 && topic === this.#options.topic) {
        this.#passed(partition, BigInt(lastOffset) + 1n);
      }
    });
    consumer.on(CRASH, ({ payload }) => {
      this.#crashed(running, payload.error, listener);
    });
  }

  #assigned(
    running: MemberConsumer,
    partitions: readonly number[],
    listener: MemberListener,
  ): void {
    this.#end();
    if (this.#isStopping) return;
    this.#restarts = 0;
    const { consumer } = running;
    const { topic } = this.#options;
    running.skipOffsetLookUp(topic, partitions);
    const assignment: Assignment = new Assignment(
      partitions,
      {
        hold: (partition) => {
          unlessCrashed(() => {
            consumer.pause([{ topic, partitions: [partition] }]);
          });
        },
        fetchFrom: (partition, offset) => {
          unlessCrashed(() => {
            consumer.seek({ topic, partition, offset: offset.toString() });
            consumer.resume([{ topic, partitions: [partition] }]);
          });
        },
        moved: () => {
          commits.soon();
        },
      },
      running.groupStores(),
    );
    const committed = (refusal: Error | null) => {
      listener.committed(refusal);
    };
    const options = { ...this.#options, committed };
    const commits = new OffsetCommits(consumer, options, () => assignment.reached());
    this.#commits = commits;
    this.#held = { assignment, worker: listener.assigned(assignment) };
  }

  #passed(partition: number, nextOffset: bigint): void {
    const assignment = this.#held?.assignment;
    const position = assignment?.position(partition) ?? null;
    if (position !== null && nextOffset > position) assignment?.pass(partition, nextOffset);
  }

  /** What was handed out under the assignment changes nothing any more. */
  #end(): void {
    this.#held?.assignment.end();
    this.#held = null;
    this.#commits?.end();
  }

  #crashed(running: MemberConsumer, error: unknown, listener: MemberListener): void {
    if (this.#running !== running || this.#isStopping) return;
    this.#running = null;
    this.#end();
    running.destroy();
    const { brokers } = this.#cluster.options;
    const { topic, group, log } = this.#options;
    if (!passesByItself(error)) {
      const doing = `consuming ${topic} in group ${group}`;
      listener.failed(brokerError(error, { doing, brokers }));
      return;
    }
    log(`the connection was lost, joining the group again: ${messageOf(error)}`);
    const delayMs = Math.min(FIRST_RESTART_MS * 2 ** this.#restarts, LONGEST_RESTART_MS);
    this.#restarts += 1;
    this.#restart = setTimeout(() => void this.#run(listener), delayMs);
  }

  /** Rejects with the coordinator's answer that a rebalance has begun, and with nothing else: kafkajs would crash. */
  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const held = this.#held;
    if (held === null || !payload.isRunning()) return;
    const heartbeats = new Heartbeats(payload, () => {
      held.assignment.end();
    });
    this.#working = this.#work(payload, held);
    await this.#working;
    const rebalance = heartbeats.end();
    if (rebalance !== null) throw rebalance;
  }

  /** Never rejects. */
  async #work(payload: EachBatchPayload, { assignment, worker }: Held): Promise<void> {
    const { batch } = payload;
    const { partition } = batch;
    if (!assignment.isReading(partition)) return;
    const position = assignment.position(partition);
    if (position === null || fetchedOffset(payload) !== position) {
      // Fetched before the position was set: its records are not the ones that are due.
      if (position === null || payload.isStale()) return;
      // kafkajs goes to the start of the log where the position is not in it: before its start, or beyond its end. It is
      // before the position as well where it began to fetch before it was told the position, but only once.
      const isMisreadAgain = this.#misread.get(partition) === position;
      if (fetchedOffset(payload) > position || isMisreadAgain) {
        this.#misread.delete(partition);
        assignment.hold(partition);
        worker.positionLost(partition);
      } else {
        this.#misread.set(partition, position);
        assignment.readFrom(partition, position);
      }
      return;
    }
    this.#misread.delete(partition);
    try {
      if (!(await this.#claim(assignment, partition))) return;
      await worker.fetched(toFetchedBatch(payload));
    } finally {
      const reached = assignment.position(partition);
      if (reached !== null && reached > position) {
        payload.resolveOffset((reached - 1n).toString());
      }
    }
  }

  /** False where nothing may be decided in this partition now: it is read again in a moment. */
  async #claim(assignment: Assignment, partition: number): Promise<boolean> {
    const position = assignment.position(partition);
    if (position === null || this.#commits === null) return false;
    if (await this.#commits.claim(partition)) return assignment.isReading(partition);
    assignment.hold(partition);
    setTimeout(() => {
      assignment.readFrom(partition, position);
    }, CLAIM_AGAIN_MS);
    return false;
  }
}

/** A consumer that has crashed has no group any more; the event that says so comes a moment later. */
function unlessCrashed(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof kafkajs.KafkaJSNonRetriableError)) throw error;
  }
}

/** kafkajs's batch knows at which offset it was fetched, and its types do not. */
function fetchedOffset({ batch }: EachBatchPayload): bigint {
  const { fetchedOffset: offset } = batch as typeof batch & { readonly fetchedOffset: string };
  return BigInt(offset);
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

/** Whether it is done within the limit. */
function isDone(limitMs: number, work: () => Promise<unknown>): Promise<boolean> {
  return withinLimit(limitMs, work).then(
    () => true,
    () => false,
  );
}
