import { protocolErrorType } from '../client/errors.js';

const REBALANCE = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'];

/** Whether the coordinator says that this assignment is over or soon will be: the member is to join again. */
export function saysRebalance(error: unknown): boolean {
  return REBALANCE.includes(protocolErrorType(error) ?? '');
}
