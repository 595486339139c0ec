/** The steps of docs/moving.md, while requests keep coming. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { Operator } from '../../support/command-line/operator.js';
import { usePipeline } from '../../support/pipeline.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const STOCK = 40;

const pipeline = usePipeline();
const postgres = usePostgres();

let users = 0;

/** Requests of users who have not asked before. */
async function sell(count: number): Promise<void> {
  const from = ['--first-user', String(users + 1), '--yes'];
  await pipeline.succeed(['produce', '--coupon', '1', '--count', String(count), ...from].join(' '));
  users += count;
}

/** Another machine: it has the program and a data dir of its own, and reaches the same cluster. */
function newMachine(): { readonly operator: Operator; readonly store: string } {
  const dataDir = temporaryDir();
  const env = () => ({
    COUPONS_BROKERS: pipeline.brokers,
    COUPONS_DATA_DIR: dataDir,
    ...postgres.env,
  });
  return { operator: new Operator(env), store: join(dataDir, 'coupons.db') };
}

async function run(operator: Operator, ...args: readonly string[]): Promise<string> {
  const done = await operator.run(args);
  expect(done, args.join(' ')).toMatchObject({ code: 0 });
  return done.stdout;
}

/** Each user has asked once: the first ones have a coupon, and nothing is open. */
async function expectExactly(operator: Operator, ...store: readonly string[]): Promise<void> {
  await run(operator, 'consume', '--until-drained', ...store);
  expect(await operator.json(contract.audit, ['audit', ...store])).toMatchObject({
    ...{ verdict: 'PASS', records: users, unprocessed: 0, findings: [] },
    outcomes: { ISSUED: Math.min(users, STOCK), SOLD_OUT: Math.max(users - STOCK, 0) },
  });
}

/** What a store says of the campaign. */
async function campaignOf(operator: Operator, ...store: readonly string[]): Promise<unknown> {
  return operator.json(contract.campaignShown, ['campaigns', 'show', '1', ...store]);
}

beforeEach(async () => {
  users = 0;
  await pipeline.reset();
  await pipeline.succeed(`campaigns create 1 --stock ${STOCK}`);
  await sell(15);
  await pipeline.drain();
});

describe('a backup that is made during a sale', () => {
  it('replaces a store that was lost, and what it lacks is read again', async () => {
    const store = join(pipeline.dataDir, 'coupons.db');
    const backup = join(temporaryDir(), 'backup.db');
    const consumer = pipeline.start(['consume', '--max-records', '10']);
    await sell(10);
    await run(pipeline, 'store', 'backup', backup);
    expect(await consumer.exit).toMatchObject({ code: 0 });
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${store}${suffix}`, { force: true });

    await run(pipeline, 'store', 'copy', '--from', backup, '--to', store);
    await run(pipeline, 'store', 'take-over', '--yes');

    await sell(20);
    await expectExactly(pipeline);
  });
});

describe('a move to another machine', () => {
  it('of a file', async () => {
    const { operator, store } = newMachine();
    const old = join(pipeline.dataDir, 'coupons.db');
    const moved = join(temporaryDir(), 'moved.db');
    const consumer = pipeline.start(['consume']);
    await sell(15);
    consumer.kill('SIGTERM');
    expect(await consumer.exit).toMatchObject({ code: 0 });

    await run(pipeline, 'store', 'backup', moved);
    await run(operator, 'store', 'copy', '--from', moved, '--to', store);
    expect(await campaignOf(operator)).toEqual(await campaignOf(pipeline));
    renameSync(old, `${old}.moved`);

    await sell(20);
    await expectExactly(operator);
    const forgotten = await pipeline.failure(['consume', '--until-drained']);
    expect(forgotten).toMatchObject({ exitCode: 1, code: 'STORE_NOT_OF_GROUP' });
  });

  it('of a file to PostgreSQL, and back', async () => {
    const { operator, store } = newMachine();
    const old = join(pipeline.dataDir, 'coupons.db');
    const database = postgres.storeUrl();
    await sell(15);

    await run(operator, 'store', 'copy', '--from', old, '--to', database);
    await sell(10);
    await expectExactly(operator, '--store', database);
    await run(operator, 'store', 'copy', '--from', database, '--to', store);
    await sell(10);

    await expectExactly(operator);
    const forgotten = await operator.failure(['consume', '--until-drained', '--store', old]);
    expect(forgotten).toMatchObject({ exitCode: 1, code: 'STORE_BEHIND_GROUP' });
    expect(existsSync(store)).toBe(true);
  });
});
