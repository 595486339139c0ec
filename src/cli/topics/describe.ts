import type { Services } from '../services.js';
import { withSizes } from '../../topics/sizes.js';
import type { CommandResult } from '../result.js';
import { drawTopic } from './draw-topic.js';
import { withReplicaStates } from './replicas.js';

export async function run(
  services: Services,
  _options: unknown,
  names: readonly string[],
): Promise<CommandResult> {
  const admin = await services.admin();
  const wanted = names.length > 0 ? [...new Set(names)] : await admin.listTopics();
  const topics = await withSizes(admin, await admin.describeTopics(wanted));
  services.output.result({ topics: topics.map(withReplicaStates) }, () =>
    topics.map((topic) => drawTopic(topic, services.output)).join('\n\n'),
  );
  if (topics.length === 0) services.output.note('No topics yet: `coupons topics create`.');
  return undefined;
}
