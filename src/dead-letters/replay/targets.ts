import { CliError } from '../../errors.js';
import type { RecordSink } from '../../ports/record-sink.js';

export interface TargetPorts {
  /** A topic's max.message.bytes. Throws CliError TOPIC_NOT_FOUND. */
  readonly maxMessageBytes: (topic: string) => Promise<number>;
  /** Sends to a topic, once it is opened. */
  readonly sinkOf: (topic: string) => Promise<RecordSink>;
}

/** The topics that letters go back to, each looked up once. */
export class Targets {
  readonly #ports: TargetPorts;
  readonly #maxBytes = new Map<string, number | null>();
  readonly #sinks = new Map<string, Promise<RecordSink>>();

  constructor(ports: TargetPorts) {
    this.#ports = ports;
  }

  /** Null where there is no such topic. */
  async maxMessageBytes(topic: string): Promise<number | null> {
    const known = this.#maxBytes.get(topic);
    if (known !== undefined) return known;
    const found = await this.#ports.maxMessageBytes(topic).catch((error: unknown) => {
      if (error instanceof CliError && error.code === 'TOPIC_NOT_FOUND') return null;
      throw error;
    });
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

  found(): readonly string[] {
    return [...this.#maxBytes].filter(([, bytes]) => bytes !== null).map(([topic]) => topic);
  }

  /** A batch that fits one topic has to fit them all. */
  smallestMaxMessageBytes(): number {
    return Math.min(...[...this.#maxBytes.values()].filter((bytes) => bytes !== null));
  }

  /** Closes the sinks that were asked for. */
  async close(): Promise<void> {
    const sinks = [...this.#sinks.values()];
    this.#sinks.clear();
    await Promise.allSettled(sinks.map(async (sink) => (await sink).close()));
  }
}
