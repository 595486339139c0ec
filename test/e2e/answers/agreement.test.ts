/** What several commands count of one sale at rest is the same number in each. */
import { beforeEach, describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../src/coupon/outcome.js';
import * as contract from '../../support/json-contract/contract.js';
import { history as historyDocument } from '../../support/json-contract/history.js';
import { STORES, usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

/** Each outcome at least once, and no two the same number of times. */
const sale = [
  ...[1, 2, 3, 4].map((user) => request(1, user)),
  ...[1, 2, 3].map((user) => request(1, user)),
  ...[5, 6].map((user) => request(1, user)),
  ...[1, 2, 3, 4, 5].map((user) => request(2, user)),
  ...[1, 2, 3, 4, 5, 6].map((user) => request(3, user)),
  ...[1, 2, 3, 4, 5, 6, 7].map((user) => request(4, user)),
  ...Array.from({ length: 8 }, (_unused, user) => request(99, user + 1)),
  { key: '1', value: '{' },
];
const counts = {
  ...{ ISSUED: 4, DUPLICATE: 3, SOLD_OUT: 2, INACTIVE: 5, EXPIRED: 6, NOT_STARTED: 7 },
  ...{ NOT_FOUND: 8, DEAD_LETTERED: 1 },
};

describe.each(STORES)('a sale at rest on %s', (store) => {
  const pipeline = usePipeline({ store });
  beforeEach(() => pipeline.reset());

  it('has the same figures in each command', async () => {
    await pipeline.succeed('campaigns create 1 --stock 4');
    await pipeline.succeed('campaigns create 2 --stock 4');
    await pipeline.succeed('campaigns update 2 --status INACTIVE');
    await pipeline.succeed('campaigns create 3 --stock 4 --valid-until 2020-01-01T00:00:00Z');
    await pipeline.succeed('campaigns create 4 --stock 4 --valid-from 2999-01-01T00:00:00Z');
    await pipeline.send(sale);
    const consumed = await pipeline.drain();

    const audit = await pipeline.audit();
    const history = await pipeline.json(historyDocument, ['history', '--since', '1h']);
    const lag = await pipeline.json(contract.lag, ['lag']);
    const { count: letters } = await pipeline.json(contract.dlqCount, ['dlq', 'count']);
    const { campaigns } = await pipeline.json(contract.campaignList, ['campaigns', 'list']);
    // Its exit code is 3: no member reads what comes next.
    const status = contract.status.parse(
      (await pipeline.run(['status', '--timeout', '30', '-o', 'json'])).json(),
    );

    for (const outcome of OUTCOMES) {
      const of = [consumed.outcomes, audit.outcomes, history.totals.outcomes].map(
        (outcomes) => outcomes[outcome],
      );
      expect(of, outcome).toEqual(of.map(() => counts[outcome]));
    }
    expect([consumed.records, audit.records, history.totals.asked]).toEqual([
      sale.length,
      sale.length,
      sale.length,
    ]);
    expect([lag.totalLag, status.group?.totalLag, audit.unprocessed]).toEqual([0, 0, 0]);
    expect([letters, status.deadLetters?.total, audit.deadLettered]).toEqual([1, 1, 1]);
    expect(history.totals.deadLetters).toEqual({ MALFORMED_JSON: 1 });
    expect(status.deadLetters?.latest).toEqual([{ reasonCode: 'MALFORMED_JSON', letters: 1 }]);

    const issuedOf = new Map(
      campaigns.map(({ couponId, issuedQuantity }) => [couponId, issuedQuantity]),
    );
    expect(Object.fromEntries(issuedOf)).toEqual({ 1: 4, 2: 0, 3: 0, 4: 0 });
    expect(status.campaigns?.total).toBe(campaigns.length);
    for (const { couponId, issuedQuantity } of status.campaigns?.mostActive ?? [])
      expect(issuedQuantity, String(couponId)).toBe(issuedOf.get(couponId));
  });
});
