/** One of several brokers hangs: it accepts connections and says nothing, as a frozen machine does. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as contract from '../support/contract.js';
import { usePipeline } from '../support/pipeline.js';

const pipeline = usePipeline();
const hanging = createServer();
let brokers = '';

beforeAll(async () => {
  hanging.listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const { port } = hanging.address() as AddressInfo;
  brokers = `127.0.0.1:${String(port)},${pipeline.brokers}`;
});
afterAll(() => {
  hanging.close();
});
beforeEach(() => pipeline.reset());

it('is passed over by commands that look, produce and consume', async () => {
  const given = ['--brokers', brokers];
  await pipeline.run(['campaigns', 'create', '1', '--stock', '3']);
  await pipeline.json(contract.topicsDescribed, ['topics', 'describe', ...given]);
  const produced = await pipeline.json(contract.produced, [
    ...['produce', '--coupon', '1', '--count', '5', ...given],
  ]);
  expect(produced.acknowledged).toBe(5);
  const waiting = await pipeline.json(contract.lag, ['lag', ...given]);
  expect(waiting).toMatchObject({ totalLag: 5 });
  const consumed = await pipeline.json(contract.consumed, ['consume', '--until-drained', ...given]);
  expect(consumed).toMatchObject({ records: 5, outcomes: { ISSUED: 3, SOLD_OUT: 2 } });
});
