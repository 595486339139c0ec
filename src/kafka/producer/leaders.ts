import { UnreachableError } from '../../errors.js';
import { Deadline, NoBrokerAnswers } from '../client/call.js';
import type { KafkaCluster } from '../client/cluster.js';

/** For one look at the cluster's metadata while records wait. */
const LOOK_MS = 5000;

/** "host:port" and the id of a broker; an id alone where the cluster no longer names the broker. */
export interface LeadingBroker {
  readonly id: number;
  readonly address: string | null;
}

/** Which brokers lead the partitions of a topic, as far as the cluster has said. */
export class PartitionLeaders {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  /** By partition; -1: none is elected. */
  readonly #leaders = new Map<number, number>();
  /** By id. The cluster soon forgets a broker that is down, and it is worth naming. */
  readonly #addresses = new Map<number, string>();

  constructor(cluster: KafkaCluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /** Asks any broker. Throws NoBrokerAnswers; what else goes wrong leaves what is known as it is. */
  async refresh(signal?: AbortSignal): Promise<void> {
    const call = {
      doing: `looking for the leaders of ${this.#topic}`,
      deadline: new Deadline(LOOK_MS),
      ...(signal === undefined ? {} : { signal }),
    };
    try {
      await this.#cluster.request(call, async (_admin, inner) => {
        await inner.addMultipleTargetTopics([this.#topic]);
        await inner.refreshMetadata();
        for (const { nodeId, host, port } of inner.brokerPool.metadata?.brokers ?? []) {
          this.#addresses.set(nodeId, `${host}:${String(port)}`);
        }
        for (const { partitionId, leader } of inner.findTopicPartitionMetadata(this.#topic)) {
          this.#leaders.set(partitionId, leader);
        }
      });
    } catch (error) {
      if (error instanceof UnreachableError) throw new NoBrokerAnswers(error);
    }
  }

  /** 'none': none is elected; null: not known. */
  of(partition: number): LeadingBroker | 'none' | null {
    const id = this.#leaders.get(partition);
    if (id === undefined) return null;
    return id < 0 ? 'none' : { id, address: this.#addresses.get(id) ?? null };
  }

  /** The id of the broker at "host:port". */
  idOf(address: string): number | null {
    for (const [id, known] of this.#addresses) if (known === address) return id;
    return null;
  }
}
