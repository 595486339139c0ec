/**
 * The kafkajs consumer of one member, with what kafkajs has no call for: leaving the group while it is
 * still joining, ending every connection at once, and going past what holds records no more. Knows the
 * inside of kafkajs 2.2.4, as ../client/inside/ does.
 */
import type { Consumer } from 'kafkajs';
import type { GroupStore } from '../../ports/group-store.js';
import type { KafkaCluster } from '../client/cluster.js';
import { changeBrokers, changeClusters } from '../client/inside/clusters.js';
import type { RawBroker, RawCluster } from '../client/inside/objects.js';
import { acceptingOfflinePartitions } from '../client/inside/offline-partitions.js';
import { passingEmptyBatches } from './empty-batches.js';
import { CoordinatorWatch } from './coordinator-watch.js';
import { endFetching } from './ended-fetching.js';
import { fetchingOn } from './one-broker-away.js';
import { assignedStores, storeAssigner } from './store-assigner.js';

export interface ConsumerOptions {
  readonly group: string;
  readonly clientId: string;
  readonly fetchWaitMs: number;
  readonly fetchMinBytes: number;
  readonly sessionTimeoutMs?: number;
  /** What the member says about its store in its subscription. */
  readonly store: GroupStore;
}

export interface MemberConsumer {
  readonly consumer: Consumer;
  /** Of all members of the group, as its leader saw them at the last assignment; none if it does not say. */
  groupStores(): readonly GroupStore[];
  /**
   * kafkajs asks the group for its committed offsets, and the log for its start, before the first
   * fetch: not needed by who seeks, and impossible for a partition without a leader.
   */
  skipOffsetLookUp(topic: string, partitions: readonly number[]): void;
  /** A rebalance has begun: sees to it that kafkajs joins, however often that fails. */
  rebalancing(): void;
  /** Leaves the group and ends the connections, when what is being worked on is done. */
  leave(): Promise<void>;
  /** Asks the coordinator to forget this member, though its request to join is not answered yet. */
  forget(): Promise<void>;
  /** Ends all connections, and with them whatever kafkajs still waits for. */
  destroy(): void;
}

const SESSION_TIMEOUT_MS = 10_000;
/** Also how soon a member notices a rebalance. */
const HEARTBEAT_INTERVAL_MS = 500;
/** New partitions, and leaders of those that had none, are seen within this. */
const METADATA_MAX_AGE_MS = 10_000;

/**
 * How soon kafkajs looks again where it has nothing to fetch: all partitions are held, as at the start of an
 * assignment. It would sleep for as long as a broker may hold a fetch back, and records wait meanwhile.
 */
const LOOK_AGAIN_MS = 50;

const JOIN_GROUP = 11;
const LEAVE_GROUP = 13;
const SYNC_GROUP = 14;
/** kafkajs has two connections a broker, this one for fetches: no request to join is ahead there. */
const FETCH_CONNECTION = 1;

export function memberConsumer(cluster: KafkaCluster, options: ConsumerOptions): MemberConsumer {
  // The restarts are the member's own: kafkajs does not restart after all that passes.
  const retry = {
    initialRetryTime: 200,
    maxRetryTime: 5000,
    retries: 8,
    restartOnFailure: () => Promise.resolve(false),
  };
  const kafka = cluster.client({ clientId: options.clientId, retry });
  const inside = new Inside(options);
  changeClusters(kafka, (made) => {
    inside.change(made);
  });
  const consumer = kafka.consumer({
    groupId: options.group,
    partitionAssigners: [storeAssigner(options.store)],
    sessionTimeout: options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_INTERVAL_MS,
    rebalanceTimeout: 30_000,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    minBytes: options.fetchMinBytes,
    maxWaitTimeInMs: LOOK_AGAIN_MS,
    allowAutoTopicCreation: false,
    retry,
  });
  return {
    consumer,
    groupStores: () => inside.groupStores,
    skipOffsetLookUp: (topic, partitions) => {
      inside.skipOffsetLookUp(topic, partitions);
    },
    rebalancing: () => {
      inside.watch.rebalancing();
    },
    leave: () => {
      inside.leaving();
      return consumer.disconnect();
    },
    forget: () => inside.forget(),
    destroy: () => {
      inside.destroy();
      consumer.disconnect().catch(() => undefined);
    },
  };
}

/** What kafkajs does not show of one consumer. */
class Inside {
  readonly #group: string;
  readonly #fetchWaitMs: number;
  readonly #brokers = new Set<RawBroker>();
  readonly watch: CoordinatorWatch;
  #cluster: RawCluster | null = null;
  #coordinator: RawBroker | null = null;
  #memberId: string | null = null;
  #isLeaving = false;
  #isDestroyed = false;
  groupStores: readonly GroupStore[] = [];

  constructor({ group, fetchWaitMs }: ConsumerOptions) {
    this.#group = group;
    this.watch = new CoordinatorWatch(group);
    this.#fetchWaitMs = fetchWaitMs;
  }

  change(cluster: RawCluster): void {
    this.#cluster = cluster;
    acceptingOfflinePartitions(cluster);
    endFetching(cluster, () => this.#isLeaving);
    changeBrokers(cluster, (broker) => {
      this.#brokers.add(broker);
      this.#waitAtBroker(broker);
      passingEmptyBatches(broker);
      this.#watchBroker(broker);
      this.watch.holdOn(cluster, broker);
    });
    fetchingOn(cluster);
  }

  #waitAtBroker(broker: RawBroker): void {
    const fetch = broker.fetch.bind(broker);
    broker.fetch = (request) => fetch({ ...request, maxWaitTime: this.#fetchWaitMs });
  }

  skipOffsetLookUp(topic: string, partitions: readonly number[]): void {
    const committed = this.#cluster?.committedOffsets({ groupId: this.#group });
    if (committed === undefined) return;
    committed[topic] = Object.fromEntries(partitions.map((partition) => [partition, '0']));
  }

  async forget(): Promise<void> {
    const memberId = this.#memberId;
    if (memberId === null || this.#coordinator === null) return;
    await this.#coordinator.leaveGroup({ groupId: this.#group, memberId });
  }

  leaving(): void {
    this.#isLeaving = true;
  }

  destroy(): void {
    this.#isLeaving = true;
    this.#isDestroyed = true;
    for (const { connectionPool } of this.#brokers) {
      for (const { socket } of connectionPool.pool) socket?.destroy();
    }
  }

  #watchBroker(broker: RawBroker): void {
    const { connectionPool } = broker;
    const getConnection = connectionPool.getConnection.bind(connectionPool);
    connectionPool.getConnection = (index) =>
      this.#isDestroyed
        ? Promise.reject(new TypeError('this member has stopped'))
        : getConnection(index);
    const byRequest = connectionPool.getConnectionByRequest.bind(connectionPool);
    connectionPool.getConnectionByRequest = (question) =>
      question.request.apiKey === LEAVE_GROUP
        ? connectionPool.getConnection(FETCH_CONNECTION)
        : byRequest(question);
    const send = connectionPool.send.bind(connectionPool);
    connectionPool.send = (question) => {
      const answer = send(question);
      if (question.request.apiKey === JOIN_GROUP) this.#watchJoin(broker, answer);
      if (question.request.apiKey === SYNC_GROUP) return this.#watchSync(answer);
      return answer;
    };
  }

  /** Passes the answer on: what it says of stores is known before kafkajs tells of the assignment. */
  async #watchSync<T>(answer: Promise<T>): Promise<T> {
    const assigned = await answer;
    this.watch.joined();
    const { memberAssignment } = assigned as { readonly memberAssignment?: unknown };
    this.groupStores = Buffer.isBuffer(memberAssignment) ? assignedStores(memberAssignment) : [];
    return assigned;
  }

  /** A coordinator gives a new member its id before, by an error, and then lets it wait. */
  #watchJoin(coordinator: RawBroker, answer: Promise<unknown>): void {
    const note = (given: unknown) => {
      const { memberId } = given as { readonly memberId?: unknown };
      if (typeof memberId !== 'string' || memberId === '') return;
      this.#memberId = memberId;
      this.#coordinator = coordinator;
    };
    answer.then(note, note);
  }
}
