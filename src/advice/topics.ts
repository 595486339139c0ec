import type { AdviceFacts, TopicFacts } from './facts.js';
import type { AdviceFinding, ReplicaFinding, Severe } from './finding.js';

/** Replicas: what the failure of a broker would cost, and what it costs already. */
export function replicaFindings({ topics, brokers }: AdviceFacts): readonly AdviceFinding[] {
  return [...topics.flatMap(partitionFindings), ...factorFindings(topics, brokers)];
}

/** What is wrong with a topic's partitions now. */
export function partitionFindings(described: TopicFacts): readonly Severe<ReplicaFinding>[] {
  const { name: topic, partitions, replicationFactor, minInSyncReplicas } = described;
  const findings: Severe<ReplicaFinding>[] = [];
  const offline = partitions.filter(({ hasLeader }) => !hasLeader);
  const led = partitions.filter(({ hasLeader }) => hasLeader);
  const silent = led.filter(({ leaderAnswers }) => !leaderAnswers);
  const refusing = led.filter(({ inSyncReplicas }) => inSyncReplicas < minInSyncReplicas);
  const behind = led.filter(({ inSyncReplicas }) => inSyncReplicas < replicationFactor);
  if (offline.length > 0) {
    const numbers = numbersOf(offline);
    findings.push({ code: 'OFFLINE_PARTITION', severity: 'critical', topic, partitions: numbers });
  }
  if (silent.length > 0) {
    const numbers = numbersOf(silent);
    findings.push({ code: 'LEADER_SILENT', severity: 'warning', topic, partitions: numbers });
  }
  if (refusing.length > 0) {
    findings.push({
      code: 'WRITES_REFUSED',
      severity: 'critical',
      topic,
      partitions: numbersOf(refusing),
      minInSyncReplicas,
    });
  } else if (behind.length > 0) {
    const numbers = numbersOf(behind);
    findings.push({ code: 'UNDER_REPLICATED', severity: 'warning', topic, partitions: numbers });
  }
  return findings;
}

function factorFindings(topics: readonly TopicFacts[], brokers: number): readonly AdviceFinding[] {
  const findings: AdviceFinding[] = [];
  const single = topics.filter(({ replicationFactor }) => replicationFactor === 1);
  if (single.length > 0) {
    const severity = brokers > 1 ? 'warning' : 'info';
    findings.push({ code: 'REPLICATION_FACTOR_1', severity, topics: namesOf(single), brokers });
  }
  const unsafe = topics.filter(
    (topic) => topic.replicationFactor > 1 && topic.minInSyncReplicas === 1,
  );
  if (unsafe.length > 0) {
    const names = namesOf(unsafe);
    findings.push({ code: 'MIN_INSYNC_REPLICAS_1', severity: 'warning', topics: names });
  }
  const brittle = topics.filter(
    (topic) => topic.replicationFactor > 1 && topic.minInSyncReplicas >= topic.replicationFactor,
  );
  if (brittle.length > 0) {
    const names = namesOf(brittle);
    findings.push({ code: 'MIN_INSYNC_REPLICAS_ALL', severity: 'warning', topics: names });
  }
  return findings;
}

/** Dead letters: whether they grow, and whether there are any. */
export function deadLetterFindings({
  deadLetters,
  observedMs,
}: AdviceFacts): readonly AdviceFinding[] {
  if (deadLetters === null || deadLetters.after === 0) return [];
  const { before, after: total, replayed, recent } = deadLetters;
  const added = total - before;
  if (added > 0) return [{ code: 'DLQ_GROWS', severity: 'warning', added, total, observedMs }];
  if (recent === null || recent.letters === 0) {
    return [{ code: 'DLQ_NOT_EMPTY', severity: 'info', total, replayed }];
  }
  const { letters, periodMs } = recent;
  return [{ code: 'DLQ_GREW', severity: 'warning', added: letters, total, periodMs }];
}

/** Whether dead letters come, or came a few minutes ago. */
export function areLettersComing({ deadLetters }: AdviceFacts): boolean {
  if (deadLetters === null) return false;
  const { before, after, recent } = deadLetters;
  return after > before || (recent?.letters ?? 0) > 0;
}

function numbersOf(partitions: TopicFacts['partitions']): readonly number[] {
  return partitions.map(({ partition }) => partition);
}

function namesOf(topics: readonly TopicFacts[]): readonly string[] {
  return topics.map(({ name }) => name);
}
