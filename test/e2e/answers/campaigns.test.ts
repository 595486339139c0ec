import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** Campaigns live in the store: no broker is asked. */
function operator(): Operator {
  const dataDir = temporaryDir();
  return new Operator(() => ({ COUPONS_DATA_DIR: dataDir, COUPONS_BROKERS: '127.0.0.1:1' }));
}

describe('campaigns', () => {
  it('creates one that is active at once and open on both sides', async () => {
    const user = operator();
    const created = await user.json(contract.campaign, [
      ...['campaigns', 'create', '7', '--stock', '50', '--name', 'Träume & "Zitate", alle'],
    ]);
    expect(created).toEqual({
      couponId: 7,
      name: 'Träume & "Zitate", alle',
      totalQuantity: 50,
      issuedQuantity: 0,
      status: 'ACTIVE',
      validFrom: null,
      validUntil: null,
    });
    expect(await user.json(contract.campaignShown, ['campaigns', 'show', '7'])).toMatchObject(
      created,
    );
  });

  it('lists them by their number', async () => {
    const user = operator();
    const list = () => user.json(contract.campaignList, ['campaigns', 'list']);
    for (const couponId of ['10', '2']) {
      await user.json(contract.campaign, ['campaigns', 'create', couponId, '--stock', '0']);
    }
    expect((await list()).campaigns.map(({ couponId }) => couponId)).toEqual([2, 10]);
    const { stdout } = await user.run(['campaigns', 'list']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('shows the validity in UTC, whatever zone it was given in', async () => {
    const user = operator();
    const created = await user.json(contract.campaign, [
      ...['campaigns', 'create', '1', '--stock', '1'],
      ...['--valid-from', '2026-12-25T03:00:00+09:00', '--valid-until', '2026-12-31'],
    ]);
    expect(created).toMatchObject({
      validFrom: '2026-12-24T18:00:00.000Z',
      validUntil: '2026-12-31T00:00:00.000Z',
    });
  });

  it('changes only what an update names', async () => {
    const user = operator();
    const created = await user.json(contract.campaign, [
      ...['campaigns', 'create', '1', '--stock', '5', '--name', 'A', '--valid-from', '2026-01-01'],
    ]);
    expect(
      await user.json(contract.campaign, ['campaigns', 'update', '1', '--status', 'INACTIVE']),
    ).toEqual({ ...created, status: 'INACTIVE' });
    const changed = await user.json(contract.campaign, [
      ...['campaigns', 'update', '1', '--stock', '9', '--valid-until', '2026-02-01T00:00:00Z'],
    ]);
    expect(changed).toEqual({
      ...created,
      status: 'INACTIVE',
      totalQuantity: 9,
      validUntil: '2026-02-01T00:00:00.000Z',
    });
  });

  it('refuses a second campaign of the same coupon and leaves the first as it is', async () => {
    const user = operator();
    const first = await user.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '5']);
    expect(await user.failure(['campaigns', 'create', '1', '--stock', '6'])).toMatchObject({
      exitCode: 1,
      code: 'CAMPAIGN_EXISTS',
    });
    expect(await user.json(contract.campaignShown, ['campaigns', 'show', '1'])).toMatchObject(
      first,
    );
  });

  it('refuses a window that ends before it begins, at creation and at an update', async () => {
    const user = operator();
    const backwards = ['--valid-from', '2026-02-02', '--valid-until', '2026-02-01'];
    expect(
      await user.failure(['campaigns', 'create', '1', '--stock', '5', ...backwards]),
    ).toMatchObject({ exitCode: 1, code: 'EMPTY_WINDOW' });

    const created = await user.json(contract.campaign, [
      ...['campaigns', 'create', '1', '--stock', '5', '--valid-from', '2026-02-02'],
    ]);
    expect(
      await user.failure(['campaigns', 'update', '1', '--valid-until', '2026-02-01']),
    ).toMatchObject({ exitCode: 1, code: 'EMPTY_WINDOW' });
    expect(await user.json(contract.campaignShown, ['campaigns', 'show', '1'])).toMatchObject(
      created,
    );
  });

  it('says which campaign is missing', async () => {
    const user = operator();
    await user.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '0']);
    for (const args of [
      ['show', '42'],
      ['update', '42', '--stock', '1'],
    ]) {
      const failure = await user.failure(['campaigns', ...args]);
      expect(failure).toMatchObject({ exitCode: 1, code: 'CAMPAIGN_NOT_FOUND' });
      expect(failure.message).toContain('42');
      expect(failure.hint).toContain('coupons campaigns');
    }
  });

  it('shows a name without what steers a terminal', async () => {
    const user = operator();
    const name = 'a\u001b[31mred\u001b]0;title\u0007';
    const args = ['campaigns', 'create', '1', '--stock', '1', '--name', name];
    const texts = [await user.run(args), await user.run(['campaigns', 'list'])];
    for (const { stdout } of texts) {
      expect(stdout).toContain('red');
      expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Control}/u);
    }
    expect(await user.json(contract.campaignShown, ['campaigns', 'show', '1'])).toMatchObject({
      name,
    });
  });

  it("says that a rule of the store's owner forbids a change", async () => {
    const dataDir = temporaryDir();
    const user = new Operator(() => ({ COUPONS_DATA_DIR: dataDir }));
    await user.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '1']);
    const database = new Database(join(dataDir, 'coupons.db'));
    database.exec(`CREATE TRIGGER closed BEFORE UPDATE ON campaign
      BEGIN SELECT raise(ABORT, 'sales are closed'); END`);
    database.close();
    const failure = await user.failure(['campaigns', 'update', '1', '--stock', '2']);
    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_REFUSED' });
    expect(failure.message).toContain('sales are closed');
  });

  it('refuses an update that names nothing to change', async () => {
    const user = operator();
    expect(await user.failure(['campaigns', 'update', '1'])).toMatchObject({ exitCode: 2 });
  });

  it.each(['0', '-1', '1.5', '1e3', '0x1', 'one', '9007199254740992', ''])(
    'refuses "%s" as the number of a coupon',
    async (couponId) => {
      const user = operator();
      expect(
        await user.failure(['campaigns', 'create', '--stock', '1', '--', couponId]),
      ).toMatchObject({ exitCode: 2, code: 'USAGE' });
    },
  );

  it.each([
    ['--stock', '-1'],
    ['--stock', '1.5'],
    ['--stock', 'many'],
    ['--valid-from', 'tomorrow'],
    ['--valid-from', '2026-02-30T00:00:00Z'],
    ['--valid-until', '2026-01-01T00:00:00'],
  ])('refuses %s %s and names the option', async (option, value) => {
    const user = operator();
    const failure = await user.failure([
      ...['campaigns', 'create', '1', '--stock', '1', `${option}=${value}`],
    ]);
    expect(failure).toMatchObject({ exitCode: 2, code: 'USAGE' });
    expect(failure.message).toContain(option);
  });
});
