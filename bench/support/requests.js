import { Readable } from 'node:stream';
import { Coupons } from './coupons.js';

/** Campaigns 1 to 10 are asked for in turn. */
export const CAMPAIGNS = 10;

/** The request of each user is for the next campaign; `from` is the first user. */
function* lines(from, count) {
  yield 'couponId,userId\n';
  for (let user = from; user < from + count; user += 1) {
    yield `${(user % CAMPAIGNS) + 1},${user}\n`;
  }
}

/**
 * Sends requests of `count` distinct users, the first of them `from`, over ten campaigns. `perSecond`:
 * an even rate, or left out as fast as it goes.
 */
export async function loadRequests({ brokers, workspace, from = 1, count, perSecond }) {
  const coupons = new Coupons({ brokers, dataDir: workspace });
  const input = Readable.from(lines(from, count));
  const rate = perSecond === undefined ? [] : ['--rate', String(perSecond)];
  const args = ['produce', '--file', '-', '--format', 'csv', ...rate];
  const { acknowledged } = await coupons.json(args, { input });
  if (acknowledged !== count) throw new Error(`${acknowledged} of ${count} requests were sent.`);
}
