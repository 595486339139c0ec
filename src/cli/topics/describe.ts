import type { Services } from '../services.js';
import { withSizes } from '../../kafka/admin/topic-sizes.js';
import { describeTopics, listTopics } from '../../kafka/admin/topics.js';
import type { CommandResult } from '../result.js';
import { drawTopic } from './draw-topic.js';
import { withReplicaStates } from './replicas.js';

export async function run(
  services: Services,
  _options: unknown,
  names: readonly string[],
): Promise<CommandResult> {
  const cluster = await services.cluster();
  const wanted = names.length > 0 ? [...new Set(names)] : await listTopics(cluster);
  const topics = await withSizes(cluster, await describeTopics(cluster, wanted));
  services.output.result({ topics: topics.map(withReplicaStates) }, () =>
    topics.map((topic) => drawTopic(topic, services.output)).join('\n\n'),
  );
  if (topics.length === 0) services.output.note('No topics yet: `coupons topics create`.');
  return undefined;
}
