/** What a command changes, and in which context: said before the change, and in every question. */
import { listed } from '../../output/wrap.js';
import type { GlobalOptions } from '../settings/options.js';

export interface Target {
  /** Topics of the cluster. Left out: only a store is changed, or copied. */
  readonly topics?: readonly string[];
  /** True: the store of --store. A name: another one. */
  readonly store?: true | string;
  /** Where the store is copied to. The store itself stays as it is. */
  readonly copyTo?: string;
  /**
   * Of the cluster, or of the one that the store has read: two clusters may have one address (localhost:9092 of two
   * tunnels). Left out: it is looked up. Null: it is not known.
   */
  readonly clusterId?: string | null;
}

type Place = Pick<GlobalOptions, 'contextName' | 'brokers' | 'store'>;

/** On as many lines as it needs: "context sale: cluster kafka-1:9092 (id MkU3OEVBNTcwNTJENDM2Qg), topic coupon-issue-dlq" */
export function spellTarget(target: Target, place: Place, columns = Infinity): string {
  const { topics, clusterId = null, copyTo } = target;
  const parts = [
    ...(topics === undefined ? [] : [`cluster ${place.brokers.join(',')}${inBrackets(clusterId)}`]),
    ...topicsOf(topics ?? []),
    ...storeOf(target, place),
    ...(copyTo === undefined ? [] : [`to ${copyTo}`]),
  ];
  const context = place.contextName === null ? 'no context' : `context ${place.contextName}`;
  return listed([`${context}: ${parts[0] ?? ''}`, ...parts.slice(1)], columns);
}

function inBrackets(clusterId: string | null): string {
  return clusterId === null ? '' : ` (id ${clusterId})`;
}

function topicsOf(topics: readonly string[]): readonly string[] {
  if (topics.length === 0) return [];
  return [`${topics.length === 1 ? 'topic' : 'topics'} ${topics.join(' ')}`];
}

function storeOf({ topics, store, clusterId = null }: Target, place: Place): readonly string[] {
  if (store === undefined) return [];
  const name = store === true ? place.store.name : store;
  // Beside a cluster, the store is that cluster's.
  return [
    `store ${name}${topics !== undefined || clusterId === null ? '' : ` of cluster ${clusterId}`}`,
  ];
}
