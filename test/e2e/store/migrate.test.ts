import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { couponsOn } from '../../support/command-line/terminal.js';
import { makeVersion01Store } from '../../support/stores/version-0-1.js';

const operator = new Operator();

const migration = z.strictObject({
  store: z.string(),
  fromVersion: z.number(),
  toVersion: z.number(),
  rows: z.number(),
  dryRun: z.boolean(),
  migrated: z.boolean(),
  bytesBefore: z.number(),
  bytesAfter: z.number(),
  elapsedMs: z.number(),
});

const ONE_COUPON = `
  INSERT INTO campaign VALUES (1, NULL, 5, 1, 'ACTIVE', NULL, NULL, 1);
  INSERT INTO campaign_version VALUES (1, 1, NULL, 5, 'ACTIVE', NULL, NULL, 1);
  INSERT INTO issued_coupon VALUES (1, 42, 1, 'a', 5, 'requests', 0, 7);
  INSERT INTO request_outcome VALUES (1, 'a', 1, 42, 'ISSUED', NULL, 1, 'requests', 0, 7, 5);`;

function oldStore(): string {
  const path = join(temporaryDir(), 'coupons.db');
  makeVersion01Store(path, { sql: ONE_COUPON });
  return path;
}

test('a store of version 0.1 is read once store migrate has brought it up to date', async () => {
  const store = oldStore();

  const refused = await operator.failure(['issued', 'list', '--store', store]);
  expect(refused).toMatchObject({ exitCode: 4, code: 'STORE_OLDER_VERSION' });
  expect(refused.hint).toContain('coupons store migrate');

  const migrate = ['store', 'migrate', '--store', store];
  const versions = { store, fromVersion: 3, toVersion: 5, rows: 1 };
  const planned = await operator.json(migration, [...migrate, '--dry-run']);
  expect(planned).toMatchObject({ ...versions, dryRun: true, migrated: false });
  const done = await operator.json(migration, migrate);
  expect(done).toMatchObject({ ...versions, dryRun: false, migrated: true });
  expect(done.bytesAfter).toBe(statSync(store).size);
  const again = await operator.json(migration, migrate);
  expect(again).toMatchObject({ fromVersion: 5, toVersion: 5, rows: 0, migrated: false });

  const listed = await operator.run(['issued', 'list', '--store', store, '--output', 'json']);
  expect(listed.json()).toMatchObject({ issued: [{ userId: 42, eventId: 'a' }], total: 1 });
});

test('a command that writes migrates by itself, without a word of it in a pipe', async () => {
  const store = oldStore();

  const run = await operator.run(['campaigns', 'update', '1', '--stock', '9', '--store', store]);

  expect(run).toMatchObject({ code: 0, stderr: `no context: store ${store}\n` });
});

test('on a terminal it shows how far it is', async () => {
  const terminal = couponsOn(['store', 'migrate', '--store', oldStore()]);

  expect(await terminal.exit()).toBe(0);

  expect(terminal.raw).toContain('migrating the store: 1 of 1 outcomes');
  expect(terminal.screen.join('\n')).toMatch(/schema +3 to 5/);
});

test('store migrate creates no store', async () => {
  const store = join(temporaryDir(), 'missing.db');

  const failure = await operator.failure(['store', 'migrate', '--store', store]);

  expect(failure).toMatchObject({ exitCode: 4, code: 'STORE_NOT_FOUND' });
  expect(existsSync(store)).toBe(false);
});
