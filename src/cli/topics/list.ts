import { byteSize } from '../../text/byte-size.js';
import type { Services } from '../services.js';
import { count } from '../../text/figures.js';
import type { TopicDescription } from '../../ports/cluster-admin.js';
import { withSizes, type SizedTopic } from '../../topics/sizes.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { replicaState, withReplicaStates } from './replicas.js';

export async function run(services: Services): Promise<CommandResult> {
  const admin = await services.admin();
  const described = await admin.describeTopics(await admin.listTopics());
  const topics = await withSizes(admin, described);
  if (topics.length === 0) services.output.note('No topics yet: `coupons topics create`.');
  services.output.result({ topics: topics.map(withReplicaStates) }, () =>
    topics.length === 0 ? '' : draw(services, topics),
  );
  return undefined;
}

function draw(services: Services, topics: readonly SizedTopic[]): string {
  return table(
    [
      { title: 'TOPIC', tight: 'fold' },
      { title: 'PARTITIONS', align: 'right' },
      { title: 'REPLICAS', align: 'right' },
      { title: 'RECORDS', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'STATE' },
    ],
    topics.map((topic) => [
      topic.name,
      count(topic.partitions.length),
      topic.replicationFactor,
      recordsIn(topic),
      topic.sizeBytes === null ? null : byteSize(topic.sizeBytes),
      state(services, topic),
    ]),
    services.output.columns,
  );
}

/** How many offsets the log holds from its start to its end; null where a partition has no leader. */
function recordsIn({ partitions }: TopicDescription): string | null {
  let records = 0n;
  for (const { startOffset, endOffset } of partitions) {
    if (startOffset === null || endOffset === null) return null;
    records += endOffset - startOffset;
  }
  return count(Number(records));
}

function state(services: Services, { partitions }: TopicDescription): string {
  const { paint } = services.output;
  const states = partitions.map(replicaState);
  const offline = states.filter((each) => each === 'offline').length;
  const silent = states.filter((each) => each === 'leader-silent').length;
  const behind = states.filter((each) => each === 'under-replicated').length;
  return [
    ...(offline > 0 ? [paint.red(`${count(offline)} offline`)] : []),
    ...(silent > 0 ? [paint.red(`${count(silent)} with a silent leader`)] : []),
    ...(behind > 0 ? [paint.yellow(`${count(behind)} under-replicated`)] : []),
  ].join(', ');
}
