import { table, type Column } from '../../output/table.js';
import type { Part } from '../../readings/part.js';
import type { CampaignFigures, CampaignsStatus } from '../../status/campaigns.js';
import { count } from '../../text/figures.js';
import { isSameDay, timesAt, utcMinute, utcSecond } from '../../text/times.js';
import { shownName } from '../campaigns/show.js';
import type { StatusView } from './view.js';

const COLUMNS: readonly Column[] = [
  { title: 'COUPON', align: 'right' },
  { title: 'NAME', tight: 'clip', least: 4 },
  { title: 'LEFT', align: 'right' },
  { title: 'OF STOCK', align: 'right' },
  { title: 'ISSUED/MIN', align: 'right' },
  { title: 'STATE' },
];

/** The most active campaigns; null where there are none, or they are not known. */
export function campaignTable(
  { data, failure }: Part<CampaignsStatus>,
  { paint, columns, campaigns: most }: StatusView,
  nowMs: number,
): string | null {
  if (data === null || data.campaigns.length === 0 || most <= 0) return null;
  const shown = data.campaigns.slice(0, most);
  const drawn = table(
    COLUMNS,
    shown.map((each) => cellsOf(each, nowMs)),
    columns,
  );
  const more = data.total - shown.length;
  const text = more > 0 ? `${drawn}\nand ${count(more)} more: \`coupons campaigns list\`` : drawn;
  if (failure === null) return text;
  return text
    .split('\n')
    .map((line) => paint.dim(line))
    .join('\n');
}

function cellsOf(campaign: CampaignFigures, nowMs: number) {
  const { couponId, totalQuantity, issuedQuantity, issuedPerMinute } = campaign;
  return [
    couponId,
    shownName(campaign),
    count(totalQuantity - issuedQuantity),
    count(totalQuantity),
    count(issuedPerMinute),
    stateOf(campaign, nowMs),
  ];
}

function stateOf(
  { status, isOnSale, soldOutAtMs, totalQuantity, issuedQuantity }: CampaignFigures,
  nowMs: number,
): string {
  if (isOnSale) return 'on sale';
  if (status === 'INACTIVE') return 'inactive';
  if (issuedQuantity < totalQuantity) return 'outside its window';
  if (soldOutAtMs === null) return 'sold out';
  const spell = isSameDay(soldOutAtMs, nowMs) ? utcSecond : utcMinute;
  return `sold out at ${timesAt(nowMs, [soldOutAtMs], spell)(soldOutAtMs)}`;
}
