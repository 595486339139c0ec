/** Three Apache Kafka brokers, of which a test may kill or freeze one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Admin } from 'kafkajs';
import { eventually } from '../support/eventually.js';
import { kafkaAt } from '../support/broker/kafkajs-client.js';

interface Node {
  readonly id: number;
  readonly address: string;
  readonly pid: number;
}

interface Announced {
  readonly brokers: string;
  readonly nodes: readonly Node[];
}

const script = fileURLToPath(new URL('../../scripts/kafka/run.js', import.meta.url));

/** Needs Java and Maven; throws with the script's own words where one is missing. */
export async function startCluster(): Promise<RunningCluster> {
  const child = spawn(process.execPath, [script, '--nodes', '3', '--control'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Announced> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`Apache Kafka did not start:\n${stderr}`);
    return JSON.parse(line.value) as Announced;
  };
  return new RunningCluster(
    await next(),
    async (id) => {
      child.stdin.write(`restart ${id}\n`);
      return next();
    },
    async () => {
      child.kill('SIGTERM');
      await exit;
    },
  );
}

export class RunningCluster {
  #nodes: readonly Node[];
  readonly brokers: string;
  readonly #down = new Set<number>();
  readonly #frozen = new Set<number>();

  constructor(
    announced: Announced,
    private readonly restart: (id: number) => Promise<Announced>,
    private readonly end: () => Promise<void>,
  ) {
    this.brokers = announced.brokers;
    this.#nodes = announced.nodes;
  }

  /** kill -9 of one broker. */
  kill(id: number): void {
    process.kill(this.#node(id).pid, 'SIGKILL');
    this.#down.add(id);
  }

  /** It keeps its connections and answers nothing, as a machine that swaps or a paused container. */
  freeze(id: number): void {
    process.kill(this.#node(id).pid, 'SIGSTOP');
    this.#frozen.add(id);
  }

  /** Brings back every broker that was killed or frozen; resolves when every replica is in sync. */
  async heal(): Promise<void> {
    this.#resumeFrozen();
    for (const id of this.#down) this.#nodes = (await this.restart(id)).nodes;
    this.#down.clear();
    await this.look(async (admin) => {
      const { brokers } = await admin.describeCluster();
      const { topics } = await admin.fetchTopicMetadata();
      const partitions = topics.flatMap((topic) => topic.partitions);
      const areInSync = partitions.every(({ isr, replicas }) => isr.length === replicas.length);
      return brokers.length === this.#nodes.length && areInSync;
    });
  }

  async stop(): Promise<void> {
    this.#resumeFrozen();
    await this.end();
  }

  /** The id of the broker that leads a partition now. */
  async leaderOf(topic: string, partition: number): Promise<number> {
    return this.look(async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const found = topics[0]?.partitions.find((each) => each.partitionId === partition);
      return found !== undefined && found.leader >= 0 && found.leader;
    });
  }

  /** Asks until the condition holds: kafkajs does not always get past a broker that is down. */
  async look<T>(condition: (admin: Admin) => Promise<T>): Promise<Exclude<T, false>> {
    return eventually(
      async () => {
        const admin = kafkaAt(this.brokers.split(',')).admin();
        await admin.connect();
        try {
          return await condition(admin);
        } finally {
          await admin.disconnect();
        }
      },
      { deadlineMs: 60_000 },
    );
  }

  #resumeFrozen(): void {
    for (const id of this.#frozen) process.kill(this.#node(id).pid, 'SIGCONT');
    this.#frozen.clear();
  }

  #node(id: number): Node {
    const node = this.#nodes.find((each) => each.id === id);
    if (node === undefined) throw new Error(`There is no broker ${id}`);
    return node;
  }
}
