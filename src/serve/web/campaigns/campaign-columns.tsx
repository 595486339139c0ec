import { count } from '../../../text/figures.js';
import type { CampaignData } from '../../console/wire/campaigns.js';
import { Badge } from '../components/badge.js';
import { Bar } from '../components/bar.js';
import type { Column } from '../components/table.js';
import { rateOf } from '../format/rate.js';
import type { Page } from '../page.js';
import type { Tone } from '../tone.js';
import { leftOf, rejectedOf, stateOf, type CampaignState } from './campaign-state.js';
import type { SortKey } from './order.js';

interface ColumnsOf extends Pick<Page, 'words' | 'clock'> {
  readonly nowMs: number;
  /** Those whose details are shown. */
  readonly open: ReadonlySet<number>;
  readonly toggle: (couponId: number) => void;
}

type CampaignColumn = Column<CampaignData, SortKey>;

export function campaignColumns({
  words,
  clock,
  nowMs,
  open,
  toggle,
}: ColumnsOf): readonly CampaignColumn[] {
  const { campaigns, figures } = words;
  return [
    {
      key: 'coupon',
      title: campaigns.coupon,
      isHeader: true,
      canSort: true,
      cell: (campaign) => (
        <Name {...{ campaign, isOpen: open.has(campaign.couponId), toggle, words }} />
      ),
    },
    {
      key: 'left',
      title: campaigns.stock,
      canSort: true,
      cell: (campaign) => <Stock {...{ campaign, words, nowMs }} />,
    },
    figure('issued', campaigns.issued, ({ issuedQuantity }) => count(issuedQuantity)),
    figure('rejected', campaigns.rejected, (campaign) => count(rejectedOf(campaign)), 'narrow'),
    figure(
      'rate',
      campaigns.rate,
      ({ issuedPerSecond }) => (issuedPerSecond === 0 ? '' : rateOf(issuedPerSecond, figures)),
      'narrow',
    ),
    figure(
      'soldOutAt',
      campaigns.soldOutAt,
      ({ soldOutAtMs }) => (soldOutAtMs === null ? '' : clock.time(soldOutAtMs)),
      'medium',
    ),
  ];
}

function figure(
  key: SortKey,
  title: string,
  cell: (campaign: CampaignData) => string,
  from?: 'narrow' | 'medium',
): CampaignColumn {
  return {
    key,
    title,
    isNumeric: true,
    canSort: true,
    cell,
    ...(from === undefined ? {} : { from }),
  };
}

interface NameProps extends Pick<Page, 'words'> {
  readonly campaign: CampaignData;
  readonly isOpen: boolean;
  readonly toggle: (couponId: number) => void;
}

function Name({ campaign: { couponId, name }, isOpen, toggle, words }: NameProps) {
  return (
    <button
      type="button"
      class="link campaign-name"
      aria-expanded={isOpen}
      title={words.campaigns.details(String(couponId))}
      onClick={() => toggle(couponId)}
    >
      <span class="chevron" aria-hidden="true" />
      <span class="campaign-id">{couponId}</span>
      <span class="campaign-text">{name}</span>
    </button>
  );
}

const TONES: Readonly<Record<CampaignState, Tone>> = {
  ACTIVE: 'good',
  SOLD_OUT: 'neutral',
  INACTIVE: 'neutral',
  NOT_STARTED: 'neutral',
  EXPIRED: 'neutral',
  OVERSOLD: 'bad',
};

interface StockProps extends Pick<Page, 'words'> {
  readonly campaign: CampaignData;
  readonly nowMs: number;
}

/** What is left as a bar that runs empty, and the state where it is another than on sale. */
function Stock({ campaign, words: { campaigns }, nowMs }: StockProps) {
  const state = stateOf(campaign, nowMs);
  const left = leftOf(campaign);
  const label = campaigns.leftOf(count(left), count(campaign.totalQuantity));
  return (
    <span class="stock">
      <Bar
        share={left / campaign.totalQuantity}
        label={label}
        tone={state === 'ACTIVE' ? 'accent' : 'neutral'}
      />
      <span class="stock-text">
        <span class="quiet" aria-hidden="true">
          {label}
        </span>
        {state !== 'ACTIVE' && <Badge tone={TONES[state]}>{campaigns.status[state]}</Badge>}
      </span>
    </span>
  );
}
