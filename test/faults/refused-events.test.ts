import { beforeAll, expect, it } from 'vitest';
import * as contract from '../support/json-contract/contract.js';
import { usePipeline } from '../support/pipeline.js';

const pipeline = usePipeline({ broker: 'own' });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 15');
  const db = pipeline.database();
  db.exec(`CREATE TRIGGER no_events BEFORE INSERT ON event
    BEGIN SELECT RAISE(ABORT, 'no events'); END`);
  db.close();
});

it('a store that takes no events issues all the same, and no command fails for it', async () => {
  await pipeline.succeed('produce --coupon 1 --count 20');
  expect(await pipeline.drain()).toMatchObject({ records: 20, outcomes: { ISSUED: 15 } });
  expect(pipeline.logFile()).toContain('the store takes no events');
  expect(await pipeline.audit()).toMatchObject({ verdict: 'PASS' });
  await pipeline.succeed('store reset-offsets --yes');

  const history = await pipeline.json(contract.history, ['history']);
  expect(history.totals).toMatchObject({ asked: 20, outcomes: { ISSUED: 15, SOLD_OUT: 5 } });
  expect(history.events.map(({ kind }) => kind)).toEqual(['CAMPAIGN_CREATED', 'CAMPAIGN_SOLD_OUT']);
});
