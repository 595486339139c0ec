/** Makes an embedded broker of a test misbehave: the list behind the broker's port `Faults`. */
import type { Fault, Faults, IncomingRequest } from '../../../src/broker/faults.js';
import { apiTable } from '../../../src/broker/api-table.js';
import { ErrorCode, refusal } from '../../../src/broker/wire/error-code.js';

/** Kafka's codes of what the embedded broker never has cause to say. */
const moreCodes = {
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_OR_FOLLOWER: 6,
  REQUEST_TIMED_OUT: 7,
  BROKER_NOT_AVAILABLE: 8,
  REPLICA_NOT_AVAILABLE: 9,
  NETWORK_EXCEPTION: 13,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  NOT_CONTROLLER: 41,
  UNKNOWN_PRODUCER_ID: 59,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
} as const;

const codes = { ...ErrorCode, ...moreCodes };

export interface FaultOptions {
  /** As in src/broker/api-table.ts: 'Fetch', 'Produce', 'Metadata', 'JoinGroup', ... */
  readonly api: string;
  /**
   * These two narrow a fault to requests that name this partition, and to that part of them; they
   * work for the APIs about partitions. Metadata says of such a partition that it has no leader.
   */
  readonly topic?: string;
  readonly partition?: number;
  readonly clientId?: string;
  /** Kafka's name of an error, 'close' the connection, or 'silence': never answer. */
  readonly error?: keyof typeof codes | 'close' | 'silence';
  /** How many requests it hits. All that come, by default. */
  readonly count?: number;
  /** How many of the requests that it would hit are answered as usual first. */
  readonly after?: number;
  /** How long a request waits. Without an error that is all that happens to it. */
  readonly delayMs?: number;
  /** Carries the request out before its answer is lost or wrong. */
  readonly carriedOut?: boolean;
}

export interface InjectedFault {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Ends it. */
  remove(): void;
}

export class BrokerFaults implements Faults {
  readonly #faults = new Set<ActiveFault>();

  add(options: FaultOptions): InjectedFault {
    if (!apiTable.some(({ name }) => name === options.api)) {
      throw new Error(`The embedded broker has no API ${options.api}.`);
    }
    const fault = new ActiveFault(options, () => this.#faults.delete(fault));
    this.#faults.add(fault);
    return fault;
  }

  clear(): void {
    this.#faults.clear();
  }

  /** The first fault that was added and fits. */
  take(request: IncomingRequest): Fault | null {
    for (const fault of this.#faults) {
      if (fault.fits(request) && fault.takesThisOne()) return fault;
    }
    return null;
  }
}

class ActiveFault implements Fault, InjectedFault {
  readonly delayMs: number;
  readonly outcome: Fault['outcome'];
  readonly carriedOut: boolean;
  readonly remove: () => void;
  readonly #options: FaultOptions;
  #passed = 0;
  #hits = 0;

  constructor(options: FaultOptions, remove: () => void) {
    const { error, delayMs = 0, carriedOut = false } = options;
    this.#options = options;
    this.delayMs = delayMs;
    this.carriedOut = carriedOut;
    this.outcome = outcomeOf(error);
    this.remove = remove;
  }

  get hits(): number {
    return this.#hits;
  }

  fits({ api, clientId, targets }: IncomingRequest): boolean {
    const wanted = this.#options;
    if (wanted.api !== api || (wanted.clientId ?? clientId) !== clientId) return false;
    if (wanted.topic === undefined && wanted.partition === undefined) return true;
    return targets.some(({ topic, partition }) =>
      this.isAbout(topic, partition ?? wanted.partition ?? null),
    );
  }

  isAbout(topic: string, partition: number | null): boolean {
    const wanted = this.#options;
    return (
      (wanted.topic ?? topic) === topic &&
      (wanted.partition === undefined || wanted.partition === partition)
    );
  }

  takesThisOne(): boolean {
    const { after = 0, count = Infinity } = this.#options;
    if (this.#passed < after) {
      this.#passed += 1;
      return false;
    }
    if (this.#hits >= count) return false;
    this.#hits += 1;
    return true;
  }
}

function outcomeOf(error: FaultOptions['error']): Fault['outcome'] {
  if (error === undefined) return 'answer';
  return error === 'close' || error === 'silence'
    ? error
    : refusal(codes[error], `A test injected ${error}.`);
}
