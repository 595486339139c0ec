import { NoBrokerAnswers } from '../client/call.js';
import { brokerOf, isUnreachable, protocolErrorType, REPLICAS_MISSING } from '../client/errors.js';
import type { PartitionLeaders } from './leaders.js';

/**
 * What the records of a partition wait for, after "waiting for". `failure`: of the last attempt; null where
 * the leader owes an answer to the first one for longer than it may take.
 */
export function waitsFor(
  partition: number,
  failure: unknown,
  leaders: Pick<PartitionLeaders, 'of' | 'idOf'>,
): string {
  const name = `partition ${String(partition)}`;
  const leader = leaders.of(partition);
  if (failure instanceof NoBrokerAnswers) return `a broker of the cluster: none answers (${name})`;
  if (REPLICAS_MISSING.includes(protocolErrorType(failure) ?? '')) {
    return `in-sync replicas of ${name} (${String(protocolErrorType(failure))})`;
  }
  if (leader === 'none') return `a leader of ${name} (none is elected)`;
  if (failure !== null && !isUnreachable(failure)) {
    return `the leader of ${name} (${protocolErrorType(failure) ?? 'unknown'})`;
  }
  const address = brokerOf(failure) ?? leader?.address ?? null;
  const id = address === null ? null : leaders.idOf(address);
  return `a leader of ${name} (${named(id, address)} does not answer)`;
}

function named(id: number | null, address: string | null): string {
  if (id === null) return address ?? 'its broker';
  return `broker ${String(id)}${address === null ? '' : ` at ${address}`}`;
}
