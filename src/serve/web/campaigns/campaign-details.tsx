import { count } from '../../../text/figures.js';
import type { CampaignData, Winner } from '../../console/wire/campaigns.js';
import { Facts } from '../components/facts.js';
import { OutcomeList } from '../components/outcome-list.js';
import { rateOf } from '../format/rate.js';
import { usePage } from '../page.js';

/** One campaign: its outcomes, its first and last winner, its window. */
export function CampaignDetails({ campaign }: { readonly campaign: CampaignData }) {
  const { words, clock } = usePage();
  const { campaigns, figures } = words;
  const winner = (of: Winner | null): string =>
    of === null
      ? campaigns.noWinner
      : campaigns.winner(String(of.userId), count(of.sequence), clock.dateTime(of.issuedAtMs));
  const facts = [
    [campaigns.firstWinner, winner(campaign.firstWinner)],
    [campaigns.lastWinner, winner(campaign.lastWinner)],
    [campaigns.validity, <Validity key="validity" campaign={campaign} />],
    [campaigns.rateIssued, rateOf(campaign.issuedPerSecond, figures)],
    [campaigns.rateAll, rateOf(campaign.outcomesPerSecond, figures)],
  ] as const;
  return (
    <div class="campaign-details">
      <OutcomeList outcomes={campaign.outcomes} />
      <Facts facts={facts} />
    </div>
  );
}

function Validity({ campaign }: { readonly campaign: CampaignData }) {
  const { words, clock } = usePage();
  const { validFromMs, validUntilMs } = campaign;
  const parts = [
    validFromMs === null ? '' : words.campaigns.validFrom(clock.dateTime(validFromMs)),
    validUntilMs === null ? '' : words.campaigns.validUntil(clock.dateTime(validUntilMs)),
  ].filter((part) => part !== '');
  return <>{parts.length === 0 ? words.campaigns.always : parts.join(' ')}</>;
}
