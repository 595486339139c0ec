/** Kafka's own tool, to compare with: what the brokers say their replicas take. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const tool = fileURLToPath(new URL('../../../scripts/kafka/tool.js', import.meta.url));

const described = z.object({
  brokers: z.array(
    z.object({
      logDirs: z.array(
        z.object({ partitions: z.array(z.object({ partition: z.string(), size: z.int() })) }),
      ),
    }),
  ),
});

/** `kafka-log-dirs --describe`: bytes of a topic of one replica, by partition. */
export async function kafkaLogDirs(brokers: string, topic: string): Promise<readonly number[]> {
  const args = ['--bootstrap-server', brokers, '--describe', '--topic-list', topic];
  const { stdout } = await promisify(execFile)(process.execPath, [tool, 'kafka-log-dirs', ...args]);
  // Two lines of talk come before the JSON.
  const json: unknown = JSON.parse(stdout.slice(stdout.indexOf('{')));
  const sizes: number[] = [];
  for (const { logDirs } of described.parse(json).brokers) {
    for (const { partition, size } of logDirs.flatMap(({ partitions }) => partitions)) {
      sizes[Number(partition.slice(topic.length + 1))] = size;
    }
  }
  return sizes;
}
