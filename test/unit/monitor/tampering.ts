import type { FindingCode } from '../../../src/monitor/audit-findings.js';
import type { Evidence } from './simulated-pipeline.js';

/**
 * One way to break the evidence. `tamper` gets a number to choose its victim with and returns
 * whether it found one; `code` is what the audit must then tell, beside what follows from it.
 */
export interface Tampering {
  readonly name: string;
  readonly code: FindingCode;
  readonly tamper: (evidence: Evidence, choice: number) => boolean;
}

function pick<T>(rows: readonly T[], choice: number): T | undefined {
  return rows[choice % Math.max(rows.length, 1)];
}

/** Does something to one row of a table, if there is one to choose. */
function toOne<T>(
  rowsOf: (evidence: Evidence) => readonly T[],
  change: (row: T, evidence: Evidence) => void,
): Tampering['tamper'] {
  return (evidence, choice) => {
    const row = pick(rowsOf(evidence), choice);
    if (row !== undefined) change(row, evidence);
    return row !== undefined;
  };
}

function remove<T>(rows: T[], row: T): void {
  rows.splice(rows.indexOf(row), 1);
}

const issuedRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome === 'ISSUED');
const decidedRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome !== 'DEAD_LETTERED');
const refusedRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome === 'SOLD_OUT' || outcome === 'DUPLICATE');
const deadRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome === 'DEAD_LETTERED');
const issuedCoupons = ({ tables }: Evidence) => tables.issued;
const campaigns = ({ tables }: Evidence) => tables.campaigns;
/** Campaigns that something was issued of, so that their stock says something. */
const soldCampaigns = ({ tables }: Evidence) =>
  tables.campaigns.filter(({ issuedQuantity }) => issuedQuantity > 0);
const positions = ({ tables }: Evidence) => tables.positions;

export const TAMPERINGS: readonly Tampering[] = [
  {
    name: 'an issued coupon is deleted',
    code: 'ISSUED_WITHOUT_COUPON',
    tamper: toOne(issuedCoupons, (row, { tables }) => remove(tables.issued, row)),
  },
  {
    name: 'an issued coupon goes to another user',
    code: 'COUPON_DOES_NOT_MATCH_OUTCOME',
    tamper: toOne(issuedCoupons, (row) => (row.userId = 777)),
  },
  {
    name: 'a coupon is issued past the pipeline',
    code: 'COUPON_WITHOUT_OUTCOME',
    tamper: toOne(issuedCoupons, (row, { tables }) => {
      tables.issued.push({ ...row, userId: 777, sequence: tables.issued.length + 1 });
    }),
  },
  {
    name: 'a user gets a second one of the same coupon',
    code: 'HELD_TWICE',
    tamper: toOne(issuedCoupons, (row, { tables }) => {
      tables.issued.push({ ...row, sequence: tables.issued.length + 1 });
    }),
  },
  {
    name: 'a sequence number is skipped',
    code: 'SEQUENCE_GAP',
    tamper: toOne(issuedCoupons, (row) => (row.sequence += 1000)),
  },
  {
    name: 'two winners swap their sequence numbers',
    code: 'WRONG_SEQUENCE',
    tamper: (evidence, choice) => {
      const one = pick(evidence.tables.issued, choice);
      const other = evidence.tables.issued.find(
        (coupon) => coupon !== one && coupon.couponId === one?.couponId,
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
      if (row?.userId == null || row.eventId === null || campaign === undefined) return false;
      campaign.issuedQuantity += 1;
      row.outcome = 'ISSUED';
      evidence.tables.issued.push({
        couponId: campaign.couponId,
        userId: row.userId,
        eventId: row.eventId,
        sequence: campaign.issuedQuantity,
        issuedAtMs: row.timestampMs,
        position: row.position,
      });
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
  {
    name: 'the outcome of a winner is dropped',
    code: 'COUPON_WITHOUT_OUTCOME',
    tamper: toOne(issuedRows, (row, { tables }) => remove(tables.outcomes, row)),
  },
  {
    name: 'an outcome is dropped',
    code: 'REQUEST_LOST',
    tamper: toOne(
      ({ tables }) => tables.outcomes,
      (row, { tables }) => remove(tables.outcomes, row),
    ),
  },
  {
    name: 'a winner is turned away',
    code: 'WRONG_WINNER',
    tamper: toOne(issuedRows, (row) => (row.outcome = 'SOLD_OUT')),
  },
  {
    name: 'one who was refused wins',
    code: 'WRONG_WINNER',
    tamper: toOne(refusedRows, (row) => (row.outcome = 'ISSUED')),
  },
  {
    name: 'a refusal gets another reason',
    code: 'WRONG_OUTCOME',
    tamper: toOne(refusedRows, (row) => (row.outcome = 'EXPIRED')),
  },
  {
    name: 'a dead letter becomes a refusal',
    code: 'ROW_MALFORMED',
    tamper: toOne(deadRows, (row) => (row.outcome = 'SOLD_OUT')),
  },
  {
    name: 'a dead letter has no reason',
    code: 'ROW_MALFORMED',
    tamper: toOne(deadRows, (row) => (row.reasonCode = null)),
  },
  {
    name: 'a dead letter claims to be decided',
    code: 'ROW_MALFORMED',
    tamper: toOne(deadRows, (row) => (row.campaignVersion = 1)),
  },
  {
    name: 'a good request is dead-lettered as unreadable',
    code: 'WRONG_OUTCOME',
    tamper: toOne(decidedRows, (row) =>
      Object.assign(row, { outcome: 'DEAD_LETTERED', reasonCode: 'MALFORMED_JSON' }),
    ),
  },
  {
    name: 'an outcome is given to another user',
    code: 'ROW_DOES_NOT_MATCH_RECORD',
    tamper: toOne(decidedRows, (row) => (row.userId = 777)),
  },
  {
    name: "an outcome's time is changed",
    code: 'ROW_DOES_NOT_MATCH_RECORD',
    tamper: toOne(decidedRows, (row) => (row.timestampMs -= 1)),
  },
  {
    name: 'an outcome forgets whose it is',
    code: 'ROW_MALFORMED',
    tamper: toOne(decidedRows, (row) => (row.userId = null)),
  },
  {
    name: 'a later request is decided before an earlier one of its partition',
    code: 'ROWS_OUT_OF_ORDER',
    tamper: (evidence, choice) => {
      const { outcomes } = evidence.tables;
      const decided = decidedRows(evidence);
      const one = pick(decided, choice);
      const other = decided.find(
        (row) => row !== one && row.position.partition === one?.position.partition,
      );
      if (one === undefined || other === undefined) return false;
      [one.id, other.id] = [other.id, one.id];
      outcomes.sort((a, b) => a.id - b.id);
      return true;
    },
  },
  {
    name: 'two outcomes share an id',
    code: 'ROWS_OUT_OF_ORDER',
    tamper: ({ tables }, choice) => {
      const row = pick(tables.outcomes.slice(1), choice);
      if (row !== undefined) row.id -= 1;
      return row !== undefined;
    },
  },
  {
    name: 'an outcome stands in the table twice',
    code: 'EVENT_DECIDED_TWICE',
    tamper: toOne(decidedRows, (row, { tables }) => {
      tables.outcomes.push({ ...row, id: tables.outcomes.length + 1 });
    }),
  },
  {
    name: 'a request is decided as if there were no campaign',
    code: 'WRONG_WINNER',
    tamper: toOne(issuedRows, (row) => (row.campaignVersion = null)),
  },
  {
    name: 'a request is decided under terms that never were',
    code: 'VERSION_UNKNOWN',
    tamper: toOne(issuedRows, (row) => (row.campaignVersion = 99)),
  },
  {
    name: 'a dead letter is lost',
    code: 'LETTER_MISSING',
    tamper: toOne(
      ({ letters }) => letters,
      (row, { letters }) => remove(letters, row),
    ),
  },
  {
    name: 'a dead letter forgets where it came from',
    code: 'LETTER_MISSING',
    tamper: toOne(
      ({ letters }) => letters,
      (row) => (row.headers = { ...row.headers, 'coupon-dlq-origin-offset': Buffer.from('?') }),
    ),
  },
  {
    name: 'the position is moved back',
    code: 'ROW_BEYOND_OFFSET',
    tamper: (evidence, choice) => {
      const row = pick(evidence.tables.outcomes, choice);
      const stored = evidence.tables.positions.find(
        ({ partition }) => partition === row?.position.partition,
      );
      if (row === undefined || stored === undefined) return false;
      stored.nextOffset = row.position.offset;
      return true;
    },
  },
  {
    name: 'the position disagrees with the last record applied',
    code: 'POSITION_INCONSISTENT',
    tamper: toOne(
      positions,
      (row) => (row.lastApplied = { ...row.lastApplied, offset: row.nextOffset }),
    ),
  },
  {
    name: 'the topic ends before the position',
    code: 'POSITION_BEYOND_LOG',
    tamper: toOne(positions, ({ partition, nextOffset }, { bounds }) => {
      const cut = bounds.find((each) => each.partition === partition);
      if (cut !== undefined) cut.endOffset = nextOffset - 1n;
    }),
  },
  {
    name: 'the topic was made anew and has grown as long again',
    code: 'LOG_REPLACED',
    tamper: toOne(positions, ({ lastApplied, partition }, { records }) => {
      for (const record of records) {
        if (record.partition === partition) record.timestampMs += 86_400_000;
      }
      return lastApplied;
    }),
  },
  {
    name: 'a record is gone from the middle of the log',
    code: 'ROW_WITHOUT_RECORD',
    tamper: (evidence, choice) => {
      const { records, tables } = evidence;
      const row = pick(
        tables.outcomes.filter(({ position }) => position.offset > 0n),
        choice,
      );
      const record = records.find(
        ({ partition, offset }) =>
          partition === row?.position.partition && offset === row.position.offset,
      );
      if (record === undefined) return false;
      remove(records, record);
      return true;
    },
  },
  {
    name: 'an outcome lies beyond the end of the log',
    code: 'ROW_BEYOND_LOG',
    tamper: toOne(decidedRows, (row) => (row.position = { ...row.position, offset: 10_000n })),
  },
  {
    name: 'the store has also read another cluster',
    code: 'STORE_OF_ANOTHER_CLUSTER',
    tamper: toOne(positions, (row, { tables }) => {
      tables.positions.push({ ...row, clusterId: 'another-cluster' });
    }),
  },
  {
    name: 'records were deleted before they were read',
    code: 'RECORDS_DELETED_UNREAD',
    tamper: toOne(positions, ({ partition, nextOffset }, { bounds, records }) => {
      const cut = bounds.find((each) => each.partition === partition);
      if (cut === undefined) return;
      cut.startOffset = nextOffset + 1n;
      cut.endOffset = nextOffset + 1n;
      const kept = records.filter((record) => record.partition !== partition);
      records.splice(0, Infinity, ...kept);
    }),
  },
];
