import { Readable } from 'node:stream';
import { Coupons } from './coupons.js';

/** How many campaigns the requests of a benchmark are for, in turn. */
export const CAMPAIGNS = 10;

/** Their ids; `first` is the lowest. */
export function campaignIds(first = 1, campaigns = CAMPAIGNS) {
  return Array.from({ length: campaigns }, (_, index) => first + index);
}

function* lines({ from, count, firstCampaign, campaigns }) {
  const ids = campaignIds(firstCampaign, campaigns);
  yield 'couponId,userId\n';
  for (let user = from; user < from + count; user += 1) yield `${ids[user % ids.length]},${user}\n`;
}

/**
 * Sends requests of `count` distinct users, the first of them `from`, over ten `campaigns`. `perSecond`:
 * an even rate, or left out as fast as it goes. Gives how many were acknowledged a second.
 */
export async function loadRequests({
  brokers,
  workspace,
  from = 1,
  count,
  firstCampaign,
  campaigns,
  perSecond,
}) {
  const coupons = new Coupons({ brokers, dataDir: workspace });
  const input = Readable.from(lines({ from, count, firstCampaign, campaigns }));
  const rate = perSecond === undefined ? [] : ['--rate', String(perSecond)];
  const args = ['produce', '--file', '-', '--format', 'csv', ...rate];
  return (await coupons.json(args, { input })).perSecond;
}
