import type { Clock } from '../../ports/clock.js';
import type { GroupOffsets } from '../group-check.js';
import type { Membership } from '../membership.js';
import { BROKER, COORDINATOR, GROUP, type Outages } from '../outages.js';
import { look, silence } from './look.js';

const CHECK_MS = 5000;
/** Members of ours answer a rebalance within 30 s; those of other programs may take minutes. */
const REBALANCE_MS = 40_000;

/**
 * Members wait for their group's coordinator without a limit, and for a rebalance: this reports that the one does not
 * answer though the cluster does, that the other is not over, and when they are. It ends no run.
 */
export async function watchGroup(
  ports: Clock & { readonly groupOffsets: Pick<GroupOffsets, 'committed'> },
  outages: Outages,
  membership: Membership,
  signal: AbortSignal,
): Promise<void> {
  const away = (error: Error) => {
    // Where no broker answers, that is what is reported.
    if (!signal.aborted && !outages.isOut(BROKER)) outages.failed(COORDINATOR, error);
  };
  for (;;) {
    await ports.wait(CHECK_MS, signal);
    if (signal.aborted) return;
    const error = await look(ports, ports.groupOffsets.committed, () => {
      away(silence('no broker has answered for this group'));
    });
    if (error !== null) away(error);
    else outages.works(COORDINATOR);
    reportRebalance(outages, membership, ports.now());
  }
}

function reportRebalance(outages: Outages, { waiting }: Membership, nowMs: number): void {
  const isReported = outages.isOut(COORDINATOR) || outages.isOut(BROKER);
  if (waiting === null) outages.works(GROUP);
  else if (!isReported && nowMs - waiting.sinceMs >= REBALANCE_MS) {
    const member = String(waiting.member);
    outages.failed(
      GROUP,
      new Error(
        `member ${member} has not joined, as another member of the group has not answered its rebalance; \`coupons status\` shows the members`,
      ),
    );
  }
}
