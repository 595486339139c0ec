/** Until a question is answered with yes, nothing changes: no file, no schema, no topic. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { couponsOn, keys } from '../../support/command-line/terminal.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { makeVersion01Store } from '../../support/stores/version-0-1.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const pipeline = usePipeline();

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.send([request(1, 1)]);
  const originalEvent = JSON.parse(request(1, 2).value.toString()) as unknown;
  const value = JSON.stringify({ originalEvent, failureReason: 'no answer', retryCount: 3 });
  await pipeline.send([{ key: '1', value }], DLQ_TOPIC);
});

/** What is asked, and the exit code of a "no". */
async function declined(args: readonly string[]) {
  const env = { COUPONS_BROKERS: pipeline.brokers, COUPONS_DATA_DIR: pipeline.dataDir };
  const terminal = couponsOn(args, { env, columns: 200 });
  await terminal.waitFor(/\? \[y\/N\]/);
  const asked = terminal.screen.find((line) => line.includes('[y/N]'));
  terminal.type(`n${keys.enter}`);
  return { asked, code: await terminal.exit() };
}

it('dlq replay creates no store', async () => {
  const store = join(temporaryDir(), 'new.db');
  expect(await declined(['dlq', 'replay', '--store', store])).toEqual({
    asked: 'Create a new store there? [y/N]',
    code: 1,
  });
  expect(existsSync(store)).toBe(false);
});

it.each([
  ['dlq', 'replay'],
  ['store', 'reset-offsets'],
])('%s %s migrates no store', async (...command) => {
  const store = join(temporaryDir(), 'old.db');
  makeVersion01Store(store);
  const bytes = readFileSync(store);
  const { asked, code } = await declined([...command, '--store', store]);
  expect(asked).toMatch(/^Migrate the store from schema 3 to \d+\? \[y\/N\]/);
  expect(code).toBe(1);
  expect(readFileSync(store).equals(bytes)).toBe(true);

  const script = await pipeline.failure([...command, '--store', store]);
  expect(script).toMatchObject({ exitCode: 2, code: 'USAGE' });
  expect(readFileSync(store).equals(bytes)).toBe(true);
});

it('consume creates no store where the group has read with another one', async () => {
  const partitions = [{ partition: 0, offset: '1' }];
  await pipeline.admin.setOffsets({ groupId: CONSUMER_GROUP, topic: REQUEST_TOPIC, partitions });
  const store = join(temporaryDir(), 'mistyped.db');
  expect(await declined(['consume', '--until-drained', '--store', store])).toMatchObject({
    asked: expect.stringContaining(`Go on with group ${CONSUMER_GROUP}?`) as string,
    code: 1,
  });
  expect(existsSync(store)).toBe(false);
});
