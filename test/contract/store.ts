import { describe } from 'vitest';
import { campaignContract } from './store/campaigns.js';
import { deadLetterContract } from './store/dead-letters.js';
import { decidingContract } from './store/deciding.js';
import { fenceContract } from './store/fence.js';
import { figuresContract } from './store/figures.js';
import { forwardContract } from './store/forward.js';
import { historyContract } from './store/history.js';
import { identityContract } from './store/identity.js';
import type { OpenStore } from './store/log.js';
import { oracleContract } from './store/oracle.js';
import { orderContract } from './store/order.js';
import { readingContract } from './store/reading.js';
import { replayContract } from './store/replays.js';
import { snapshotContract } from './store/snapshot.js';

/**
 * Holds a store to the laws of the port CouponStore (src/ports/coupon-store.ts). `oracleRuns`: with how many
 * generated logs, each on a store of its own.
 */
export function storeContract(name: string, open: OpenStore, oracleRuns = 60): void {
  describe(name, () => {
    decidingContract(open);
    fenceContract(open);
    forwardContract(open);
    orderContract(open);
    deadLetterContract(open);
    campaignContract(open);
    readingContract(open);
    figuresContract(open);
    snapshotContract(open);
    replayContract(open);
    oracleContract(open, oracleRuns);
    identityContract(open);
    historyContract(open);
  });
}
