/** A store as a whole: moved to another place, and backed up. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { usePipeline } from '../../support/pipeline.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { couponsOn, keys } from '../../support/command-line/terminal.js';

const counts = { campaigns: z.number(), outcomes: z.number() };
const copied = z.strictObject({
  from: z.string(),
  to: z.string(),
  dryRun: z.boolean(),
  copied: z.boolean(),
  storeId: z.uuid(),
  ...counts,
  versions: z.number(),
  issued: z.number(),
  positions: z.number(),
  replayedLetters: z.number(),
  hasMovedOn: z.boolean(),
  elapsedMs: z.number(),
});
const backedUp = z.strictObject({
  store: z.string(),
  file: z.string(),
  sizeBytes: z.number(),
  schemaVersion: z.number(),
  ...counts,
  elapsedMs: z.number(),
});

const pipeline = usePipeline();
let store: string;
let other: string;

/** Five requests are decided, with stock for seven. */
beforeEach(async () => {
  await pipeline.reset();
  store = join(pipeline.dataDir, 'coupons.db');
  other = join(temporaryDir(), 'other.db');
  await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '7']);
  await pipeline.send([1, 2, 3, 4, 5].map((userId) => request(1, userId)));
  await pipeline.drain();
});

const issued = async (path: string) => {
  const list = await pipeline.json(contract.issuedList, ['issued', 'list', '--store', path]);
  return list.issued.map(({ userId }) => userId);
};
const auditOf = (path: string, env = {}) =>
  pipeline.json(contract.audit, ['audit', '--store', path], { env });

describe('store copy', () => {
  it('moves a group to another store, and the one it had is refused', async () => {
    const copy = ['store', 'copy', '--from', store, '--to', other];
    const expected = { from: store, to: other, campaigns: 1, outcomes: 5, issued: 5 };
    const planned = await pipeline.json(copied, [...copy, '--dry-run']);
    expect(planned).toMatchObject({ ...expected, dryRun: true, copied: false });
    expect(existsSync(other)).toBe(false);

    const done = await pipeline.json(copied, copy);

    expect(done).toMatchObject({ ...expected, dryRun: false, copied: true, hasMovedOn: false });
    expect(await auditOf(other)).toMatchObject({ verdict: 'PASS' });
    await pipeline.send([4, 6, 7, 8].map((userId) => request(1, userId)));
    const drained = await pipeline.drain(['--store', other]);
    expect(drained.outcomes).toMatchObject({ ISSUED: 2, DUPLICATE: 1, SOLD_OUT: 1 });
    expect(await issued(other)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await auditOf(other)).toMatchObject({ verdict: 'PASS' });
    await pipeline.send([request(1, 9)]);
    const old = await pipeline.failure(['consume', '--until-drained']);
    expect(old).toMatchObject({ exitCode: 1, code: 'STORE_BEHIND_GROUP' });
    expect(await issued(store)).toEqual([1, 2, 3, 4, 5]);
  });

  it('the same command again finds the copy; another state is refused', async () => {
    const copy = ['store', 'copy', '--to', other];
    await pipeline.json(copied, copy);
    expect(await pipeline.json(copied, copy)).toMatchObject({ copied: false, outcomes: 5 });
    await pipeline.succeed('campaigns update 1 --stock 9');

    const failure = await pipeline.failure(copy);

    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_EXISTS' });
    expect(failure.message).toContain(other);
    const plan = await pipeline.failure([...copy, '--dry-run']);
    expect(plan).toMatchObject({ exitCode: 1, code: 'STORE_EXISTS' });
  });

  it('needs another place, and a store to copy', async () => {
    const same = await pipeline.failure(['store', 'copy', '--to', store]);
    expect(same).toMatchObject({ exitCode: 2, code: 'USAGE' });

    const missing = await pipeline.failure(['store', 'copy', '--from', other, '--to', `${other}2`]);
    expect(missing).toMatchObject({ exitCode: 4, code: 'STORE_NOT_FOUND' });
    expect(readdirSync(dirname(other))).toEqual([]);
  });

  it('says on a terminal how a group moves', async () => {
    const terminal = couponsOn(['store', 'copy', '--from', store, '--to', other]);

    expect(await terminal.exit()).toBe(0);

    const screen = terminal.screen.join('\n');
    expect(screen).toMatch(/outcomes +5\n/);
    expect(screen).toContain('coupons audit --store');
  });
});

describe('store copy to PostgreSQL', () => {
  const postgres = usePostgres();

  it('a group grows up from a file, and may go back', async () => {
    const database = postgres.storeUrl();
    const { env } = postgres;
    const onDatabase = ['--store', database];

    const there = await pipeline.json(copied, ['store', 'copy', '--to', database], { env });
    expect(there).toMatchObject({ from: store, to: database, outcomes: 5, issued: 5 });
    expect(await auditOf(database, env)).toMatchObject({ verdict: 'PASS' });
    await pipeline.send([4, 6].map((userId) => request(1, userId)));
    const consume = ['consume', '--until-drained', ...onDatabase];
    const drained = await pipeline.json(contract.consumed, consume, { env });
    expect(drained.outcomes).toMatchObject({ ISSUED: 1, DUPLICATE: 1 });
    const old = await pipeline.failure(['consume', '--until-drained']);
    expect(old).toMatchObject({ exitCode: 1, code: 'STORE_BEHIND_GROUP' });

    const back = ['store', 'copy', '--from', database, '--to', other];
    expect(await pipeline.json(copied, back, { env })).toMatchObject({ outcomes: 7, issued: 6 });
    await pipeline.send([6, 7, 8].map((userId) => request(1, userId)));
    const last = await pipeline.drain(['--store', other]);
    expect(last.outcomes).toMatchObject({ ISSUED: 1, DUPLICATE: 1, SOLD_OUT: 1 });
    expect(await issued(other)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await auditOf(other)).toMatchObject({ verdict: 'PASS' });
  });

  it('a host that was forgotten in the move is named, and the others wait for it to be stopped', async () => {
    const database = postgres.storeUrl();
    const { env } = postgres;
    const forgotten = pipeline.start(['consume', '--group', 'coupon-issue-group']);
    await eventually(async () => {
      const { members } = await pipeline.json(contract.lag, ['lag']);
      expect(members).toBeGreaterThan(0);
    });
    await pipeline.json(copied, ['store', 'copy', '--to', database], { env });

    const consume = ['consume', '--until-drained', '--store', database];
    const failure = await pipeline.failure(consume, { env });

    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_NOT_OF_GROUP' });
    expect(failure.message).toContain(store);
    forgotten.kill('SIGTERM');
    expect(await forgotten.exit).toMatchObject({ code: 0 });
    expect(await pipeline.run(consume, { env })).toMatchObject({ code: 0 });
  });

  it('a server that is not there is no store: exit 4, and the password is never shown', async () => {
    const nowhere = 'postgres://coupons@127.0.0.1:1/coupons';
    const env = { COUPONS_STORE_PASSWORD: 'seCret' };

    const run = await pipeline.run(['store', 'copy', '--to', nowhere, '-o', 'json', '-v'], { env });

    expect(run.code).toBe(4);
    expect(run.stdout).toContain('STORE_UNREACHABLE');
    expect(run.stdout + run.stderr).not.toContain('seCret');
  });
});

describe('store backup', () => {
  it('a group goes on in a backup after a take-over, and loses nothing', async () => {
    const backup = await pipeline.json(backedUp, ['store', 'backup', other]);
    expect(backup).toMatchObject({ store, file: other, campaigns: 1, outcomes: 5 });
    await pipeline.send([6, 7, 8].map((userId) => request(1, userId)));
    await pipeline.drain();
    const before = await issued(store);

    const restored = ['--store', other];
    const failure = await pipeline.failure(['consume', '--until-drained', ...restored]);
    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_BEHIND_GROUP' });
    expect(failure.hint).toContain('coupons store take-over');
    expect(await pipeline.run(['store', 'take-over', '--yes', ...restored])).toMatchObject({
      code: 0,
    });
    await pipeline.drain(restored);

    expect(await issued(other)).toEqual(before);
    expect(await auditOf(other)).toMatchObject({ verdict: 'PASS' });
  });

  it('asks before it replaces a file', async () => {
    await pipeline.json(backedUp, ['store', 'backup', other]);
    const refused = await pipeline.failure(['store', 'backup', other]);
    expect(refused).toMatchObject({ exitCode: 2, code: 'USAGE', hint: 'Give --yes.' });

    const asked = couponsOn(['store', 'backup', other, '--store', store]);
    await asked.waitFor(/\[y\/N\]/);
    asked.type(`y${keys.enter}`);
    expect(await asked.exit()).toBe(0);

    await pipeline.json(backedUp, ['store', 'backup', other, '--yes']);
  });

  it('copies no database, and says what does', async () => {
    const url = 'postgres://coupons@127.0.0.1:1/coupons';

    const failure = await pipeline.failure(['store', 'backup', other, '--store', url]);

    expect(failure).toMatchObject({ exitCode: 2, code: 'USAGE' });
    expect(failure.message).toContain(url);
    expect(failure.hint).toContain('pg_dump');
  });
});
