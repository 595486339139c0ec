import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, ORDER_TOPIC } from '../../../src/coupon/topics.js';
import { CHANGING } from '../../support/command-line/changing-commands.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { couponsOn, keys } from '../../support/command-line/terminal.js';
import { makeVersion01Store } from '../../support/stores/version-0-1.js';

const home = temporaryDir();
const pipeline = usePipeline({ env: { XDG_CONFIG_HOME: home } });
const oldStore = join(temporaryDir(), 'old.db');

/** A command line for each command that changes the cluster or its store, where it has something to change. */
const CHANGES: readonly (readonly string[])[] = [
  ['campaigns', 'create', '2', '--stock', '1'],
  ['campaigns', 'update', '1', '--stock', '9'],
  ['dlq', 'purge', '--before', '1', '--yes'],
  ['dlq', 'replay', '--again', '--yes'],
  ['produce', '--coupon', '1', '--yes'],
  ['serve', '--allow-replay', '--port', '0'],
  ['store', 'migrate', '--store', oldStore],
  ['store', 'reset-offsets', '--yes'],
  ['store', 'take-over', '--yes'],
  ['topics', 'alter', 'coupon-issue-requests', '--partitions', '5', '--yes'],
  ['topics', 'create'],
];

const nameOf = ([noun = '', verb = '']: readonly string[]) =>
  ['produce', 'serve'].includes(noun) ? noun : `${noun} ${verb}`;

const originalEvent = JSON.parse(request(1, 2).value.toString()) as unknown;
const replayable = {
  key: '1',
  value: JSON.stringify({ originalEvent, failureReason: 'no answer', retryCount: 3 }),
  headers: { 'coupon-dlq-reason': 'FAILED' },
};

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.run(['campaigns', 'create', '1', '--stock', '5']);
  await pipeline.send([request(1, 1)]);
  await pipeline.send([replayable], DLQ_TOPIC);
  await pipeline.run(['consume', '--until-drained']);
  await pipeline.admin.deleteTopics({ topics: [ORDER_TOPIC] });
  makeVersion01Store(oldStore);
  await pipeline.run(['context', 'set', 'sale', '--protected', '--brokers', pipeline.brokers]);
});

const PROTECTED = 'Context sale is protected, and there is no terminal to type its name on';

describe('in a protected context', () => {
  it('each command that changes something is tried', () => {
    expect(CHANGES.map(nameOf)).toEqual(CHANGING);
  });

  it.each(CHANGES)('`coupons %s %s` needs its name, not only --yes', async (...args) => {
    const { code, stderr } = await pipeline.run(args);
    expect(stderr).toContain(PROTECTED);
    expect(stderr).toContain('Give --confirm-context sale.');
    expect(code).toBe(2);
  });

  it('nothing was changed by them', async () => {
    const { stdout } = await pipeline.run(['campaigns', 'list', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ campaigns: [{ couponId: 1, totalQuantity: 5 }] });
    expect(await pipeline.admin.listTopics()).not.toContain(ORDER_TOPIC);
    expect((await pipeline.run(['dlq', 'show', '0:0'])).code).toBe(0);
    expect(await pipeline.records()).toHaveLength(1);
  });

  it.each([
    ['sale', 0, /^context sale: store .*\n( .*\n)*coupon +1/m],
    ['y', 1, /error: That is not sale, so nothing was done\./],
  ])('%s typed on a terminal is exit code %d', async (answer, code, shown) => {
    const args = ['campaigns', 'update', '1', '--stock', '7', '--context', 'sale'];
    const store = ['--store', join(pipeline.dataDir, 'coupons.db')];
    const env = { COUPONS_DATA_DIR: pipeline.dataDir, XDG_CONFIG_HOME: home };
    const terminal = couponsOn([...args, ...store], { env });
    await terminal.waitFor(/Context sale is protected\. Type its name to go on:/);
    terminal.type(`${answer}${keys.enter}`);
    expect(await terminal.exit()).toBe(code);
    expect(terminal.history.join('\n').replace(/.*Type its name.*\n(.*on: .*\n)?/, '')).toMatch(
      shown,
    );
  });

  it('a script goes on with --confirm-context', async () => {
    const update = ['campaigns', 'update', '1', '--stock', '8', '--confirm-context'];
    expect((await pipeline.run([...update, 'sale'])).code).toBe(0);
    const wrong = await pipeline.run([...update, 'test']);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('--confirm-context names test, but this would use context sale');
  });

  it('a look needs no name', async () => {
    expect((await pipeline.run(['topics', 'create', '--dry-run'])).code).toBe(0);
    expect((await pipeline.run(['dlq', 'purge', '--before', '1', '--dry-run'])).code).toBe(0);
  });
});
