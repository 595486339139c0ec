import type { Context } from '../../context.js';
import { describeTopics, listTopics } from '../../kafka/topics.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { recordsIn } from './describe.js';

export async function run(context: Context): Promise<CommandResult> {
  const cluster = await context.cluster();
  const topics = await describeTopics(cluster, await listTopics(cluster));
  if (topics.length === 0) context.output.note('No topics yet: `coupons topics create`.');
  context.output.result({ topics }, () =>
    topics.length === 0
      ? ''
      : table(
          [
            { title: 'TOPIC' },
            { title: 'PARTITIONS', align: 'right' },
            { title: 'REPLICAS', align: 'right' },
            { title: 'RECORDS', align: 'right' },
          ],
          topics.map((topic) => [
            topic.name,
            topic.partitions.length,
            topic.replicationFactor,
            recordsIn(topic),
          ]),
        ),
  );
  return undefined;
}
