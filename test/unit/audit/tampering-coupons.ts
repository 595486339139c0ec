import type { Evidence } from './simulated-pipeline.js';
import { issuedRows, pick, remove, toOne, type Tampering } from './tampering.js';

const campaigns = ({ tables }: Evidence) => tables.campaigns;
/** Campaigns that something was issued of, so that their stock says something. */
const soldCampaigns = ({ tables }: Evidence) =>
  tables.campaigns.filter(({ issuedQuantity }) => issuedQuantity > 0);

/** Issued coupons, stock and campaigns. */
export const COUPON_TAMPERINGS: readonly Tampering[] = [
  {
    name: 'a coupon is issued past the pipeline',
    code: 'ROW_DOES_NOT_MATCH_RECORD',
    tamper: toOne(issuedRows, (row, { tables }) => {
      const forged = { id: tables.outcomes.length + 1, userId: 777, sequence: 1000 };
      tables.outcomes.push({ ...row, ...forged });
    }),
  },
  {
    name: 'a user gets a second one of the same coupon',
    code: 'HELD_TWICE',
    tamper: toOne(issuedRows, (row, { tables }) => {
      const second = { id: tables.outcomes.length + 1, eventId: 'another', sequence: 1000 };
      tables.outcomes.push({ ...row, ...second });
    }),
  },
  {
    name: 'a sequence number is skipped',
    code: 'SEQUENCE_GAP',
    tamper: toOne(issuedRows, (row) => (row.sequence = (row.sequence ?? 0) + 1000)),
  },
  {
    name: 'two winners swap their sequence numbers',
    code: 'WRONG_SEQUENCE',
    tamper: (evidence, choice) => {
      const one = pick(issuedRows(evidence), choice);
      const other = issuedRows(evidence).find(
        (row) => row !== one && row.couponId === one?.couponId,
      );
      if (one === undefined || other === undefined) return false;
      [one.sequence, other.sequence] = [other.sequence, one.sequence];
      return true;
    },
  },
  {
    name: 'one more than the stock is issued, and everything adds up',
    code: 'OVERISSUED',
    tamper: (evidence, choice) => {
      const row = pick(
        evidence.tables.outcomes.filter(({ outcome }) => outcome === 'SOLD_OUT'),
        choice,
      );
      const campaign = evidence.tables.campaigns.find((each) => each.couponId === row?.couponId);
      if (row === undefined || campaign === undefined) return false;
      campaign.issuedQuantity += 1;
      Object.assign(row, { outcome: 'ISSUED', sequence: campaign.issuedQuantity });
      return campaign.issuedQuantity > campaign.totalQuantity;
    },
  },
  {
    name: 'the count of issued coupons is turned back',
    code: 'ISSUED_COUNT_WRONG',
    tamper: toOne(soldCampaigns, (row) => (row.issuedQuantity -= 1)),
  },
  {
    name: 'the stock is raised past its history',
    code: 'CAMPAIGN_DIFFERS_FROM_HISTORY',
    tamper: toOne(campaigns, (row) => (row.totalQuantity += 1)),
  },
  {
    name: 'the history of a campaign is deleted',
    code: 'CAMPAIGN_DIFFERS_FROM_HISTORY',
    tamper: toOne(campaigns, ({ couponId }, { tables }) => {
      const kept = tables.versions.filter((version) => version.couponId !== couponId);
      tables.versions.splice(0, Infinity, ...kept);
    }),
  },
  {
    name: 'the first terms of a campaign are deleted from its history',
    code: 'CAMPAIGN_DIFFERS_FROM_HISTORY',
    tamper: toOne(
      ({ tables }) => tables.versions.filter(({ version }) => version > 1),
      ({ couponId }, { tables }) => {
        const kept = tables.versions.filter(
          (each) => each.couponId !== couponId || each.version !== 1,
        );
        tables.versions.splice(0, Infinity, ...kept);
      },
    ),
  },
  {
    name: 'a campaign is deleted whose coupons were issued',
    code: 'COUPON_WITHOUT_CAMPAIGN',
    tamper: toOne(soldCampaigns, (row, { tables }) => remove(tables.campaigns, row)),
  },
];
