/** The shape that most messages have: partitions, by topic. */
import { array, string, struct, type Type } from './codec.js';

export interface ByTopic<P> {
  readonly topic: string;
  readonly partitions: readonly P[];
}

export function byTopic<P>(partition: Type<P>): Type<readonly ByTopic<P>[]> {
  return array(struct({ topic: string, partitions: array(partition) }));
}

/** The partitions that a request names. */
export function namedPartitions(
  topics: readonly ByTopic<{ readonly partition: number }>[],
): { readonly topic: string; readonly partition: number }[] {
  return topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition }) => ({ topic, partition })),
  );
}

/** Answers for each partition, in the order and shape of the question. */
export function mapPartitions<P, R>(
  topics: readonly ByTopic<P>[],
  answer: (topic: string, partition: P) => R,
): ByTopic<R>[] {
  return topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => answer(topic, partition)),
  }));
}
