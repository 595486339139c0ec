import { chmod, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { Operator } from '../../support/command-line/operator.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** The demo keeps everything below the directory for temporary files. */
function operator(): { readonly user: Operator; readonly tmp: string } {
  const tmp = temporaryDir();
  // The settings of somebody who has a cluster: the demo must not touch it.
  const user = new Operator(() => ({ TMPDIR: tmp, COUPONS_BROKERS: '127.0.0.1:1' }));
  return { user, tmp };
}

describe('the demo', () => {
  const postgres = usePostgres();

  it('issues 100 coupons to 10,000 who ask, proves it, and leaves nothing behind', async () => {
    const { user, tmp } = operator();
    const { verdict, checks } = await user.json(contract.demo, ['demo'], { timeoutMs: 150_000 });
    expect(verdict).toBe('PASS');
    expect(checks).toEqual([
      { name: 'issued', expected: 100, actual: 100, passed: true },
      { name: 'dead letters', expected: 100, actual: 100, passed: true },
      { name: 'lag', expected: 0, actual: 0, passed: true },
      { name: 'audit', expected: 'PASS', actual: 'PASS', passed: true },
    ]);
    expect(await readdir(tmp)).toEqual([]);
  });

  it('tells its story as the commands a user would type', async () => {
    const { user, tmp } = operator();
    const { code, stdout } = await user.run(['demo', '--requests', '40', '--stock', '50'], {
      timeoutMs: 150_000,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('$ coupons consume --mode batch --concurrency 3 --until-drained');
    // 2 of 40 ask again, and none is broken: 1 % of 40 is rounded down.
    expect(stdout).toMatch(/✔ issued 38\n/);
    expect(stdout).toMatch(/✔ audit PASS\n/);
    expect(await readdir(tmp)).toEqual([]);
  });

  it('leaves the broker running for those who want to explore on', async () => {
    const { user } = operator();
    const { code, stdout } = await user.run(['demo', '--requests', '1', '--stock', '1', '--keep'], {
      timeoutMs: 150_000,
    });
    expect(code).toBe(0);
    const exported = (name: string) => new RegExp(`^export ${name}=(.+)$`, 'm').exec(stdout)?.[1];
    const env = {
      COUPONS_DATA_DIR: exported('COUPONS_DATA_DIR') ?? '',
      COUPONS_BROKERS: exported('COUPONS_BROKERS') ?? '',
    };
    expect(
      await user.json(contract.campaignShown, ['campaigns', 'show', '1'], { env }),
    ).toMatchObject({
      issuedQuantity: 1,
    });
    const status = await user.json(contract.brokerStatus, ['broker', 'status'], { env });
    expect(status).toMatchObject({ running: true, address: env.COUPONS_BROKERS });
    expect((await user.json(contract.lag, ['lag'], { env })).totalLag).toBe(0);
    expect((await user.run(['broker', 'stop'], { env })).code).toBe(0);
  });

  it('runs on PostgreSQL, on a server of its own that ends with it', async () => {
    const { user, tmp } = operator();
    // As root the server runs as another user.
    await chmod(tmp, 0o755);
    const { code, stdout } = await user.run(
      ['demo', '--store', 'postgres', '--requests', '40', '--stock', '50'],
      { timeoutMs: 150_000 },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^export COUPONS_STORE='postgres:.*schema=coupons'$/m);
    expect(stdout).toMatch(/psql '[^']*' -c 'SELECT .* FROM coupons\.issued_coupon /);
    expect(stdout).toMatch(/✔ issued 38\n/);
    expect(stdout).toMatch(/✔ audit PASS\n/);
    expect(await readdir(tmp)).toEqual([]);
  });

  it('runs in a new schema on a PostgreSQL that is there, and shows no password', async () => {
    const { user } = operator();
    const schema = postgres.newSchema();
    const run = await user.run(
      ['demo', '--store', postgres.storeUrl(schema), '--requests', '40', '--stock', '50'],
      { env: postgres.env, timeoutMs: 150_000 },
    );
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✔ audit PASS\n/) as string,
    });
    const [, own] = /FROM (coupons_demo_\w+)\.issued_coupon/.exec(run.stdout) ?? [];
    expect(own).toBeDefined();
    expect(run.stdout + run.stderr).not.toContain(postgres.password);
    const client = await postgres.client();
    const schemas = await client.query<{ n: string }>('SELECT nspname AS n FROM pg_namespace');
    expect(schemas.rows.map(({ n }) => n)).not.toContain(own);
    expect(schemas.rows.map(({ n }) => n)).not.toContain(schema);
  });

  it('does not keep a server that ends with it', async () => {
    const { user, tmp } = operator();
    expect(await user.failure(['demo', '--store', 'postgres', '--keep'])).toMatchObject({
      exitCode: 2,
      code: 'USAGE',
    });
    expect(await readdir(tmp)).toEqual([]);
  });
});
