import type { RecordSink } from '../../ports/record-sink.js';

export interface TargetPorts {
  /** All topics of the cluster but Kafka's own. */
  readonly listTopics: () => Promise<readonly string[]>;
  /** A topic's max.message.bytes. Throws CliError TOPIC_NOT_FOUND. */
  readonly maxMessageBytes: (topic: string) => Promise<number>;
  /** Sends to a topic, once it is opened. */
  readonly sinkOf: (topic: string) => Promise<RecordSink>;
}

/** The topics that letters go back to, each looked up once. */
export class Targets {
  readonly #ports: TargetPorts;
  /** Asked for once: letters may name any number of topics that do not exist. */
  #topics: Promise<ReadonlySet<string>> | null = null;
  readonly #maxBytes = new Map<string, number>();
  readonly #sinks = new Map<string, Promise<RecordSink>>();

  constructor(ports: TargetPorts) {
    this.#ports = ports;
  }

  async exists(topic: string): Promise<boolean> {
    this.#topics ??= this.#ports.listTopics().then((topics) => new Set(topics));
    return (await this.#topics).has(topic);
  }

  async maxMessageBytes(topic: string): Promise<number> {
    const known = this.#maxBytes.get(topic);
    if (known !== undefined) return known;
    const found = await this.#ports.maxMessageBytes(topic);
    this.#maxBytes.set(topic, found);
    return found;
  }

  sink(topic: string): Promise<RecordSink> {
    let sink = this.#sinks.get(topic);
    if (sink === undefined) {
      sink = this.#ports.sinkOf(topic);
      this.#sinks.set(topic, sink);
    }
    return sink;
  }

  /** Those that something is sent to. */
  found(): readonly string[] {
    return [...this.#maxBytes.keys()];
  }

  /** A batch that fits one topic has to fit them all. */
  smallestMaxMessageBytes(): number {
    return Math.min(...this.#maxBytes.values());
  }

  /** Closes the sinks that were asked for. */
  async close(): Promise<void> {
    const sinks = [...this.#sinks.values()];
    this.#sinks.clear();
    await Promise.allSettled(sinks.map(async (sink) => (await sink).close()));
  }
}
