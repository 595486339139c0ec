import { randomUUID } from 'node:crypto';
import type { ApplyBatch } from '../../../ports/coupon-store.js';
import { groupWork, type GroupOptions, type GroupOutcome, type GroupReads } from '../group-work.js';
import type { StandingRow } from '../tables/partition-offsets.js';
import type { Work } from '../transaction.js';

/**
 * The attempts to apply one group. Each leaves a token of its own in the offsets that it moves. Where a connection is lost
 * while its COMMIT is on the way, the next attempt looks at those offsets first:
 *
 * - one of them has the token of an attempt: that one was committed, and what it decided is the answer;
 * - they stand where the group begins: it was not, and the group is decided again;
 * - they stand elsewhere: another member has moved on since, and the group is fenced.
 *
 * One of several sources is enough, as a transaction moves all of them or none. The server may still be executing the
 * COMMIT of the lost connection meanwhile: that transaction holds the locks on the offset rows until it is over, and
 * the look waits for them (FOR NO KEY UPDATE). An offset that is new has no row to lock yet: then the unique index makes
 * the second of the two transactions fail as a race, and the attempt after it finds the token.
 */
export class Attempts {
  readonly #batches: readonly ApplyBatch[];
  readonly #decided = new Map<string, GroupOutcome>();

  constructor(batches: readonly ApplyBatch[]) {
    this.#batches = batches;
  }

  next(options: Omit<GroupOptions, 'token'>): Work<GroupReads, GroupOutcome> {
    const token = randomUUID();
    const { reads, decide } = groupWork(this.#batches, { ...options, token });
    return {
      reads,
      decide: (rows) => {
        const committed = this.#committed(rows[0]);
        if (committed !== null) return { result: committed, writes: [] };
        const plan = decide(rows);
        this.#decided.set(token, plan.result);
        return plan;
      },
    };
  }

  #committed(standings: readonly StandingRow[]): GroupOutcome | null {
    for (const [, , , , , , appliedBy] of standings) {
      const outcome = this.#decided.get(appliedBy);
      if (outcome !== undefined) return outcome;
    }
    return null;
  }
}
