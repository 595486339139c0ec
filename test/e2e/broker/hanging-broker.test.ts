/**
 * The first of several brokers hangs: it accepts connections and says nothing, as a frozen machine does;
 * or it closes them, as a load balancer does that has nobody behind it.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';

const pipeline = usePipeline();
const hanging = createServer();
const closing = createServer((client) => client.once('data', () => client.end()));

beforeAll(async () => {
  for (const server of [hanging, closing]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
afterAll(() => {
  hanging.close();
  closing.close();
});
beforeEach(() => pipeline.reset());

it.each([
  ['hangs', hanging],
  ['closes connections', closing],
])('one that %s is passed over by commands that look, produce and consume', async (_, first) => {
  const { port } = first.address() as AddressInfo;
  const given = ['--brokers', `127.0.0.1:${String(port)},${pipeline.brokers}`];
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
