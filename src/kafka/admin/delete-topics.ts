import { topicNotFound } from '../../ports/topic-errors.js';
import type { KafkaCluster } from '../client/cluster.js';
import { isNoSuchTopic } from '../client/errors.js';

/** Deletes topics with all their records, one by one: a failure then names its topic. */
export async function deleteTopics(
  cluster: KafkaCluster,
  topics: readonly string[],
): Promise<void> {
  for (const topic of topics) {
    await cluster.request(`deleting topic ${topic}`, async (admin) => {
      await admin.deleteTopics({ topics: [topic] }).catch((error: unknown) => {
        throw isNoSuchTopic(error) ? topicNotFound(topic, { cause: error }) : error;
      });
    });
  }
}
