import kafkajs from 'kafkajs';
import { messageOf } from '../../errors.js';
import { isUnreachable } from '../client/errors.js';
import type { RawBroker, RawCluster } from '../client/inside/objects.js';

/**
 * A coordinator that has died is replaced some 10 s later, and the new one gives the members their whole session
 * timeout again.
 */
const HOLD_ON_MS = 15_000;

/** In Kafka's protocol: of a group, and not of a transaction. */
const GROUP_COORDINATOR = 0;

/**
 * Makes a consumer keep its partitions while its coordinator is away, and join again where it must. kafkajs stops
 * fetching where a heartbeat fails, and goes on without having joined where the coordinator is still loading the group.
 */
export class CoordinatorWatch {
  readonly #group: string;
  #heardMs = -Infinity;
  #mustJoin = false;

  constructor(group: string) {
    this.#group = group;
  }

  /** A rebalance has begun: the assignment is over, whatever the coordinator says to the next heartbeat. */
  rebalancing(): void {
    this.#mustJoin = true;
  }

  joined(): void {
    this.#mustJoin = false;
    this.#heardMs = performance.now();
  }

  /**
   * Makes heartbeats to this broker do without an answer for a while, in which the store keeps another member from
   * applying the same records. Where another broker is the coordinator by now, the member joins there, as the one it is.
   */
  holdOn(cluster: RawCluster, broker: RawBroker): void {
    const heartbeat = broker.heartbeat.bind(broker);
    broker.heartbeat = async (member) => {
      if (this.#mustJoin)
        throw answer('REBALANCE_IN_PROGRESS', 27, 'the member has not joined again');
      try {
        await heartbeat(member);
        this.#heardMs = performance.now();
      } catch (error) {
        const isLost = performance.now() - this.#heardMs > HOLD_ON_MS;
        if (!isUnreachable(error) || isLost) throw error;
        if (await this.#isReplaced(cluster, broker)) {
          throw answer('NOT_COORDINATOR_FOR_GROUP', 16, messageOf(error));
        }
      }
    };
  }

  async #isReplaced({ brokerPool }: RawCluster, broker: RawBroker): Promise<boolean> {
    try {
      const other = await brokerPool.findConnectedBroker();
      const query = { groupId: this.#group, coordinatorType: GROUP_COORDINATOR };
      const { coordinator } = await other.findGroupCoordinator(query);
      return coordinator.nodeId !== Number(broker.nodeId);
    } catch {
      return false;
    }
  }
}

/** At which kafkajs looks for the coordinator and joins. */
function answer(type: string, code: number, message: string): Error {
  const cause = Object.assign(new Error(message), { type, code, retriable: true });
  return new kafkajs.KafkaJSProtocolError(cause);
}
