/**
 * What keeps a group from working, outside of it: partitions that can't be read or written, a store that can't be read.
 * Rates that were observed meanwhile say nothing of what the group can do.
 */
import type { AdviceFacts } from './facts.js';
import type { AdviceFinding, ReplicaFinding } from './finding.js';
import type { AdviceStep } from './step.js';
import { partitionFindings } from './topics.js';

export function isDisturbed(facts: AdviceFacts): boolean {
  return facts.storeFailure !== null || brokenTopics(facts).length > 0;
}

export function disturbanceSteps(facts: AdviceFacts): readonly AdviceStep[] {
  return [
    ...brokenTopics(facts).map((topic): AdviceStep => ({ code: 'REPAIR_REPLICAS', topic })),
    ...(facts.storeFailure === null ? [] : [{ code: 'FIX_THE_STORE' } as const]),
  ];
}

/** The partitions' own are among those of the topics. */
export function storeFindings({ storeFailure: failure }: AdviceFacts): readonly AdviceFinding[] {
  return failure === null ? [] : [{ code: 'STORE_NOT_READ', severity: 'warning', failure }];
}

const BROKEN: readonly ReplicaFinding['code'][] = [
  'OFFLINE_PARTITION',
  'LEADER_SILENT',
  'WRITES_REFUSED',
];

function brokenTopics({ topics }: AdviceFacts): readonly string[] {
  const isBroken = (topic: AdviceFacts['topics'][number]) =>
    partitionFindings(topic).some(({ code }) => BROKEN.includes(code));
  return topics.filter(isBroken).map(({ name }) => name);
}
