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

/**
 * Of the partitions that have no acknowledgement, each with the failure of its last attempt; null where there is nothing
 * to report. `isSlow`: also where no attempt has failed.
 */
export function waitsForAny(
  waiting: ReadonlyMap<number, unknown>,
  isSlow: boolean,
  leaders: Pick<PartitionLeaders, 'of' | 'idOf'>,
): string | null {
  const [first, ...others] = [...waiting]
    .filter(([, failure]) => isSlow || failure !== null)
    .toSorted(([, a], [, b]) => tellingness(b) - tellingness(a));
  if (first === undefined) return null;
  const text = waitsFor(first[0], first[1], leaders);
  return others.length === 0 ? text : `${text}, and for ${String(others.length)} more`;
}

/** A broker that does not answer is why others report that replicas are missing. */
function tellingness(failure: unknown): number {
  if (failure === null) return 1;
  return isUnreachable(failure) || failure instanceof NoBrokerAnswers ? 2 : 0;
}

function named(id: number | null, address: string | null): string {
  if (id === null) return address ?? 'its broker';
  return `broker ${String(id)}${address === null ? '' : ` at ${address}`}`;
}
