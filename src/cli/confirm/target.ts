/** What a command changes, and in which context: said before the change, and in every question. */
import type { GlobalOptions } from '../settings/options.js';

export interface Target {
  /** Topics of the cluster. Left out: only the store is changed. */
  readonly topics?: readonly string[];
  /** The store of --store is changed. */
  readonly store?: true;
  /** Where it is known. */
  readonly clusterId?: string;
}

type Place = Pick<GlobalOptions, 'contextName' | 'brokers' | 'store'>;

/** "context sale: cluster kafka-1:9092, topic coupon-issue-dlq" */
export function spellTarget({ topics, store, clusterId }: Target, place: Place): string {
  const id = clusterId === undefined ? '' : ` (id ${clusterId})`;
  const parts = [
    ...(topics === undefined ? [] : [`cluster ${place.brokers.join(',')}${id}`]),
    ...topicsOf(topics ?? []),
    ...(store === true ? [`store ${place.store.name}`] : []),
  ];
  const context = place.contextName === null ? 'no context' : `context ${place.contextName}`;
  return `${context}: ${parts.join(', ')}`;
}

function topicsOf(topics: readonly string[]): readonly string[] {
  if (topics.length === 0) return [];
  return [`${topics.length === 1 ? 'topic' : 'topics'} ${topics.join(' ')}`];
}
