import { count } from '../text/figures.js';
import type { AdviceFacts, AdviceFinding, TopicFacts } from './facts.js';

/** Replicas: what a broker's failure would cost, and what it costs already. */
export function replicaFindings({ topics, brokers }: AdviceFacts): readonly AdviceFinding[] {
  return [...topics.flatMap(partitionFindings), ...factorFindings(topics, brokers)];
}

function partitionFindings(topic: TopicFacts): readonly AdviceFinding[] {
  const { name, partitions, replicationFactor, minInSyncReplicas } = topic;
  const findings: AdviceFinding[] = [];
  const offline = partitions.filter(({ hasLeader }) => !hasLeader);
  const led = partitions.filter(({ hasLeader }) => hasLeader);
  const refusing = led.filter(({ inSyncReplicas }) => inSyncReplicas < minInSyncReplicas);
  const behind = led.filter(({ inSyncReplicas }) => inSyncReplicas < replicationFactor);
  if (offline.length > 0) {
    findings.push({
      code: 'OFFLINE_PARTITION',
      severity: 'critical',
      message: `${name}: ${numbered(offline)} without a leader, neither read nor written. \`coupons topics describe ${name}\` names the brokers.`,
    });
  }
  if (refusing.length > 0) {
    findings.push({
      code: 'WRITES_REFUSED',
      severity: 'critical',
      message: `${name}: ${numbered(refusing)} below min.insync.replicas (${String(minInSyncReplicas)}): writes with acks=all are refused.`,
    });
  } else if (behind.length > 0) {
    findings.push({
      code: 'UNDER_REPLICATED',
      severity: 'warning',
      message: `${name}: ${numbered(behind)} under-replicated: a broker is down or slow.`,
    });
  }
  return findings;
}

function factorFindings(topics: readonly TopicFacts[], brokers: number): readonly AdviceFinding[] {
  const findings: AdviceFinding[] = [];
  const single = topics.filter(({ replicationFactor }) => replicationFactor === 1);
  if (single.length > 0) {
    findings.push({
      code: 'REPLICATION_FACTOR_1',
      severity: brokers > 1 ? 'warning' : 'info',
      message: `One replica only: ${names(single)}. When its broker dies, so do the records.${brokers > 1 ? ' `coupons topics create --profile production --dry-run` says how to mend it.' : ' One broker has room for no more; production wants three.'}`,
    });
  }
  const unsafe = topics.filter(
    (topic) => topic.replicationFactor > 1 && topic.minInSyncReplicas === 1,
  );
  if (unsafe.length > 0) {
    findings.push({
      code: 'MIN_INSYNC_REPLICAS_1',
      severity: 'warning',
      message: `min.insync.replicas is 1: ${names(unsafe)}. A write may be acknowledged by one broker alone, and lost with it. Production wants 2.`,
    });
  }
  const brittle = topics.filter(
    (topic) => topic.replicationFactor > 1 && topic.minInSyncReplicas >= topic.replicationFactor,
  );
  if (brittle.length > 0) {
    findings.push({
      code: 'MIN_INSYNC_REPLICAS_ALL',
      severity: 'warning',
      message: `Every replica must be in sync: ${names(brittle)}. One broker that is down, for an upgrade even, stops all writes. Set min.insync.replicas below the replication factor.`,
    });
  }
  return findings;
}

/** Dead letters: whether they grow, and whether there are any. */
export function deadLetterFindings({
  deadLetters,
  observedMs,
}: AdviceFacts): readonly AdviceFinding[] {
  if (deadLetters === null || deadLetters.after === 0) return [];
  const grown = deadLetters.after - deadLetters.before;
  if (grown > 0) {
    return [
      {
        code: 'DLQ_GROWS',
        severity: 'warning',
        message: `${count(grown)} more dead letters within ${String(Math.round(observedMs / 1000))} s, ${count(deadLetters.after)} in all: find the cause first (\`coupons dlq stats\`), replay later.`,
      },
    ];
  }
  return [
    {
      code: 'DLQ_NOT_EMPTY',
      severity: 'info',
      message: `${count(deadLetters.after)} dead letters wait for somebody to look at them: \`coupons dlq peek\`.`,
    },
  ];
}

function numbered(partitions: readonly { readonly partition: number }[]): string {
  const list = partitions.map(({ partition }) => String(partition)).join(', ');
  return partitions.length === 1 ? `partition ${list} is` : `partitions ${list} are`;
}

function names(topics: readonly TopicFacts[]): string {
  return topics.map(({ name }) => name).join(', ');
}
