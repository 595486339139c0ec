/** What holds for every command: docs/contract.md, "Everywhere". */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** Commands whose table can be looked at any time, once there is something to show. */
const shown: readonly (readonly string[])[] = [
  ['topics', 'create'],
  ['topics', 'list'],
  ['topics', 'describe'],
  ['topics', 'alter', 'coupon-issue-requests', '--partitions', '4', '--dry-run'],
  ['campaigns', 'list'],
  ['campaigns', 'show', '1'],
  ['produce', '--coupon', '1'],
  ['lag'],
  ['consume', '--until-drained'],
  ['dlq', 'count'],
  ['dlq', 'peek'],
  ['issued', 'list'],
  ['issued', 'show', '--coupon', '1', '--user', '1'],
  ['audit'],
  ['store', 'reset-offsets', '--dry-run'],
];

describe('every command', () => {
  const pipeline = usePipeline();

  beforeAll(async () => {
    await pipeline.reset();
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '5']);
    await pipeline.json(contract.produced, [
      ...['produce', '--coupon', '1', '--count', '20', '--poison', '20'],
    ]);
    await pipeline.drain();
  });

  it.each(shown.map((args) => ({ args, line: args.join(' ') })))(
    'prints a table without escape codes or spinner into a pipe: `coupons $line`',
    async ({ args }) => {
      // What makes other programs print colours into pipes must not do it here.
      const run = await pipeline.run(args, { env: { FORCE_COLOR: '1', TERM: 'xterm-256color' } });
      expect(run.code).toBe(0);
      expect(run.stdout).toMatch(/\S+ {2,}\S+/);
      // eslint-disable-next-line no-control-regex -- they are what must not be there
      expect(run.stdout + run.stderr).not.toMatch(/[\u001b\r⠁-⣿]/);
      for (const line of run.stdout.split('\n')) expect(line).toBe(line.trimEnd());
    },
  );

  it('takes its options before and after the subcommand, the flag before the environment', async () => {
    const env = { COUPONS_OUTPUT: 'json', COUPONS_BROKERS: '127.0.0.1:1' };
    const brokers = ['--brokers', pipeline.brokers];
    for (const args of [
      [...brokers, 'dlq', 'count'],
      ['dlq', ...brokers, 'count'],
      ['dlq', 'count', ...brokers],
    ]) {
      const run = await pipeline.run(args, { env });
      expect(run.code).toBe(0);
      expect(contract.dlqCount.parse(run.json()).count).toBe(4);
    }
    const table = await pipeline.run(['dlq', 'count', ...brokers, '-o', 'table'], { env });
    expect(table.stdout).toContain('DEAD LETTERS');
  });

  it('takes --yes and --dry-run before the subcommand as well', async () => {
    const planned = await pipeline.json(contract.offsetsReset, [
      ...['--dry-run', 'store', 'reset-offsets', '--group', 'coupon-nobody'],
    ]);
    expect(planned).toEqual({
      group: 'coupon-nobody',
      topic: 'coupon-issue-requests',
      dryRun: true,
      partitions: [],
    });
  });

  it('finds the store where the environment or a flag says', async () => {
    const dir = temporaryDir();
    const create = (couponId: string, ...args: readonly string[]) =>
      pipeline.json(contract.campaign, ['campaigns', 'create', couponId, '--stock', '1', ...args], {
        env: { COUPONS_STORE: join(dir, 'by-environment.db') },
      });
    await create('1');
    await create('1', '--store', join(dir, 'by-flag.db'));
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '1'], {
      env: { COUPONS_DATA_DIR: '', XDG_DATA_HOME: dir },
    });
    const files = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.db'));
    expect(files.sort()).toEqual(['by-environment.db', 'by-flag.db', 'coupons/coupons.db']);
  });

  it('says less on stderr with --quiet, and the same on stdout', async () => {
    const talkative = await pipeline.run(['dlq', 'peek', '--max-messages', '1']);
    expect(talkative.stderr).toContain('1 oldest of 4');
    const quiet = await pipeline.run(['dlq', 'peek', '--max-messages', '1', '-q']);
    expect(quiet.stderr).toBe('');
    expect(quiet.stdout).toBe(talkative.stdout);
  });

  it('says more on stderr with --verbose, and the same on stdout', async () => {
    const plain = await pipeline.run(['campaigns', 'list', '-o', 'json']);
    const verbose = await pipeline.run(['campaigns', 'list', '-o', 'json', '--verbose']);
    expect(verbose.stdout).toBe(plain.stdout);
  });

  it('prints errors as JSON on stdout where JSON was asked for', async () => {
    for (const [args, env] of [
      [['campaigns', 'show', '9', '--output=json'], {}],
      [['-o', 'json', 'campaigns', 'show', '9'], {}],
      [['-ojson', 'campaigns', 'show', '9'], {}],
      [['campaigns', 'show', '9'], { COUPONS_OUTPUT: 'json' }],
    ] as const) {
      const run = await pipeline.run(args, { env });
      expect(run.code).toBe(1);
      expect(contract.failure.parse(run.json()).error.code).toBe('CAMPAIGN_NOT_FOUND');
    }
  });

  it('has a version and help on stdout', async () => {
    const version = await pipeline.run(['--version']);
    expect([version.code, version.stdout]).toEqual([
      0,
      expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    ]);
    for (const args of [['help', 'consume'], ['consume', '--help'], ['help']]) {
      const help = await pipeline.run(args);
      expect(help.code).toBe(0);
      expect(help.stdout).toContain('Usage: coupons');
      expect(help.stdout).toContain('Examples:');
    }
  });
});
