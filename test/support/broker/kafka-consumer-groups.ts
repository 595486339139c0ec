/** Kafka's own tool, to compare with: it has what a group has committed from the coordinator itself. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const tool = fileURLToPath(new URL('../../../scripts/kafka/tool.js', import.meta.url));

export interface DescribedPartition {
  readonly partition: number;
  /** Null: '-' */
  readonly committedOffset: string | null;
  readonly endOffset: string;
  /** Null: '-', which it says where nothing was committed. */
  readonly lag: number | null;
}

/** `kafka-consumer-groups --describe`, by partition. */
export async function kafkaConsumerGroups(
  brokers: string,
  group: string,
): Promise<readonly DescribedPartition[]> {
  const args = ['--bootstrap-server', brokers, '--describe', '--group', group];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[tool, 'kafka-consumer-groups', ...args],
  ]);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(`${group} `))
    .map((line) => {
      const [, , partition, committed, end = '', lag] = line.split(/\s+/);
      return {
        partition: Number(partition),
        committedOffset: committed === '-' || committed === undefined ? null : committed,
        endOffset: end,
        lag: lag === '-' ? null : Number(lag),
      };
    })
    .sort((a, b) => a.partition - b.partition);
}
