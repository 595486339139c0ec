import type { TopicSpec } from '../coupon/topics.js';
import { CliError } from '../errors.js';
import type { ClusterAdmin, TopicDescription } from '../ports/cluster-admin.js';
import { effectiveConfigOf } from './effective-config.js';

/** Where a topic is not as its profile wants it. */
export interface TopicDifference {
  readonly property: string;
  readonly expected: string;
  readonly actual: string | null;
  /** The command that makes it as its profile wants it, or why there is none. */
  readonly fix: string;
}

export interface TopicPlan {
  readonly spec: TopicSpec;
  /** Null: it is missing. */
  readonly existing: TopicDescription | null;
  readonly differences: readonly TopicDifference[];
}

/**
 * Compares what is with what is wanted; changes nothing. `bootstrap`, "host:port,...", is for commands of
 * Kafka's own tools. Throws CliError where this user may not read a topic's configuration.
 */
export async function planTopics(
  admin: ClusterAdmin,
  specs: readonly TopicSpec[],
  bootstrap: string,
): Promise<readonly TopicPlan[]> {
  const known = new Set(await admin.listTopics());
  const existing = await admin.describeTopics(
    specs.map(({ name }) => name).filter((name) => known.has(name)),
  );
  const brokers = await admin.brokerIds();
  return specs.map((spec) => {
    const found = existing.find(({ name }) => name === spec.name) ?? null;
    const differences = found === null ? [] : differencesOf(spec, found, { bootstrap, brokers });
    return { spec, existing: found, differences };
  });
}

/** Why these topics can't be created on this cluster, or null where they can. */
export async function refusalOf(
  admin: ClusterAdmin,
  specs: readonly TopicSpec[],
): Promise<CliError | null> {
  if (specs.length === 0) return null;
  const { length: brokers } = await admin.brokerIds();
  const factor = Math.max(...specs.map(({ replicationFactor }) => replicationFactor));
  return factor > brokers ? tooFewBrokers(factor, brokers) : admin.refusalToCreate(specs);
}

function tooFewBrokers(factor: number, brokers: number): CliError {
  return new CliError(
    'TOO_FEW_BROKERS',
    `Replication factor ${String(factor)} needs ${String(factor)} brokers, but the cluster has ${String(brokers)}. No topic is created.`,
    'Use --profile local, lower --replication-factor, or point --brokers at a larger cluster.',
  );
}

interface Cluster {
  /** For Kafka's own tools: "host:port,...". */
  readonly bootstrap: string;
  /** Their ids. */
  readonly brokers: readonly number[];
}

/** In the order in which they have to be fixed. */
export function differencesOf(
  spec: TopicSpec,
  actual: TopicDescription,
  cluster: Cluster,
): readonly TopicDifference[] {
  const differences: TopicDifference[] = [];
  // Replicas first: partitions that are added get as many as those there are.
  if (actual.replicationFactor !== spec.replicationFactor) {
    differences.push({
      property: 'replicationFactor',
      expected: String(spec.replicationFactor),
      actual: String(actual.replicationFactor),
      fix: fixReplicas(spec, actual, cluster),
    });
  }
  const partitions = actual.partitions.length;
  if (partitions < spec.partitions || partitions > (spec.partitionsUpTo ?? spec.partitions)) {
    differences.push({
      property: 'partitions',
      expected: String(spec.partitions),
      actual: String(partitions),
      fix:
        partitions < spec.partitions
          ? `coupons topics alter ${spec.name} --partitions ${String(spec.partitions)} --wait-drained`
          : 'nothing: Kafka never takes a partition away, and more of them do no harm',
    });
  }
  const effective = effectiveConfigOf(actual);
  for (const [property, expected] of Object.entries(spec.config)) {
    const found = effective[property] ?? actual.config?.[property] ?? null;
    if (found === expected) continue;
    const fix = fixConfig(spec.name, property, expected, cluster);
    // With more in-sync replicas required than there are replicas, every write would be refused.
    const isTooEarly =
      property === 'min.insync.replicas' && Number(expected) > actual.replicationFactor;
    const when = isTooEarly ? 'only when the replication factor is raised: ' : '';
    differences.push({ property, expected, actual: found, fix: `${when}${fix}` });
  }
  return differences;
}

/**
 * Kafka's tool wants every replica written out: those there are, and further brokers in turn. The
 * first replica is the preferred leader, which stays.
 */
function fixReplicas(
  { name, replicationFactor }: TopicSpec,
  { partitions, replicationFactor: now }: TopicDescription,
  { bootstrap, brokers }: Cluster,
): string {
  if (replicationFactor < now) return 'nothing: more replicas are safer, and do no harm';
  if (replicationFactor > brokers.length) {
    return `nothing on this cluster: it has ${String(brokers.length)} of the ${String(replicationFactor)} brokers that this needs`;
  }
  const lacking = partitions.filter(({ replicas }) => replicas.length < replicationFactor);
  const wanted = lacking.map(({ partition, replicas }) => {
    const others = brokers.filter((id) => !replicas.includes(id));
    const turned = others.map((_id, index) => others[(index + partition) % others.length] ?? 0);
    return {
      topic: name,
      partition,
      replicas: [...replicas, ...turned].slice(0, replicationFactor),
    };
  });
  const file = `${name}-replicas.json`;
  return `echo '${JSON.stringify({ version: 1, partitions: wanted })}' > ${file} && kafka-reassign-partitions --bootstrap-server ${bootstrap} --reassignment-json-file ${file} --execute`;
}

function fixConfig(topic: string, property: string, value: string, { bootstrap }: Cluster): string {
  return `kafka-configs --bootstrap-server ${bootstrap} --alter --entity-type topics --entity-name ${topic} --add-config ${property}=${value}`;
}
