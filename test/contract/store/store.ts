import { describe } from 'vitest';
import { campaignContract } from './campaigns.js';
import { deadLetterContract } from './dead-letters.js';
import { decidingContract } from './deciding.js';
import { fenceContract } from './fence.js';
import { figuresContract } from './figures.js';
import { forwardContract } from './forward.js';
import { historyContract } from './history.js';
import { identityContract } from './identity.js';
import type { OpenStore } from './log.js';
import { oracleContract } from './oracle.js';
import { orderContract } from './order.js';
import { readingContract } from './reading.js';
import { replayContract } from './replays.js';
import { snapshotContract } from './snapshot.js';

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
