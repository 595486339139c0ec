import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coupons } from '../../support/command-line/cli.js';
import { testCluster, type TestCluster } from '../../support/broker/cluster.js';
import { temporaryDir } from '../../support/temporary-dir.js';

let cluster: TestCluster;
const dir = temporaryDir();
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  cluster = await testCluster();
  const executable = fileURLToPath(new URL('../../../bin/coupons.js', import.meta.url));
  mkdirSync(join(dir, 'bin'));
  symlinkSync(executable, join(dir, 'bin', 'coupons'));
  writeFileSync(join(dir, 'ca one.pem'), '');
  env = {
    PATH: [join(dir, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
    HOME: dir,
    COUPONS_BROKERS: cluster.brokers,
    COUPONS_DATA_DIR: join(dir, 'data'),
  };
  for (const args of [
    'topics create',
    'campaigns create 7 --stock 1',
    'produce --coupon 7',
    'consume --until-drained',
    'context set staging --brokers nowhere:1',
  ]) {
    expect((await coupons(args.split(' '), { env })).code).toBe(0);
  }
});

afterAll(() => cluster.stop());

/** As readline calls a completion function when the tab key is pressed at the end of `line`. */
const script = `
source <(coupons completion bash)
COMP_LINE=$1 COMP_POINT=\${#1}
_coupons coupons
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** What bash would offer, and what was said on stderr. */
async function tab(line: string, more: Readonly<Record<string, string>> = {}) {
  const run = promisify(execFile);
  const { stdout, stderr } = await run('bash', ['--norc', '-c', script, 'bash', line], {
    env: { ...env, ...more },
    cwd: dir,
  });
  return { offered: stdout.split('\n').filter((value) => value !== ''), stderr };
}

test.each([
  ['coupons dem', ['demo']],
  ['coupons topics de', ['describe']],
  ['coupons lag --fail', ['--fail-above']],
  ['coupons lag -o ', ['table', 'json']],
  // Readline keeps what stands in front of "=".
  ['coupons lag --output=j', ['json']],
  ['coupons topics describe coupon-issue-', ['coupon-issue-dlq', 'coupon-issue-requests']],
  ['coupons lag --topic=order', ['order-created-events']],
  ['coupons produce --coupon ', ['7']],
  ['coupons lag --group coupon-', ['coupon-issue-group']],
  ['coupons context use ', ['staging']],
  ['coupons lag --context s', ['staging']],
  ['coupons lag --tls-ca ca', ['ca one.pem']],
  ['coupons lag --data-dir b', ['bin']],
])('%s<TAB> offers %j in a real bash', async (line, expected) => {
  expect(await tab(line)).toEqual({ offered: expected, stderr: '' });
});

test('names are quoted, so that none of them is run or is two words', async () => {
  // These begin with "coupon", so that the next file on this cluster does not find them.
  const endings = [' of ours', ';touch P', '$(touch P)', "'quote", '\u200bhidden'];
  for (const group of endings.map((ending) => `coupons${ending}`)) {
    const consumed = await coupons(['consume', '--until-drained', '--group', group], { env });
    expect(consumed.code).toBe(0);
  }
  expect(await tab('coupons lag --group coupons')).toEqual({
    offered: [
      'coupons\\ of\\ ours',
      'coupons\\$\\(touch\\ P\\)',
      "coupons\\'quote",
      'coupons\\;touch\\ P',
    ],
    stderr: '',
  });
});

test('the cluster asked is the one named on the line', async () => {
  const line = `coupons --brokers ${cluster.brokers} topics describe order`;
  const { offered } = await tab(line, { COUPONS_BROKERS: '127.0.0.1:1' });
  expect(offered).toEqual(['order-created-events']);
});

test('a cluster or a store that is not there offers nothing and says nothing', async () => {
  const nowhere = { COUPONS_BROKERS: '127.0.0.1:1', COUPONS_DATA_DIR: join(dir, 'none') };
  for (const line of [
    'coupons topics describe ',
    'coupons lag --group ',
    'coupons campaigns show ',
  ]) {
    expect(await tab(line, nowhere)).toEqual({ offered: [], stderr: '' });
  }
});

test('an unknown shell is wrong usage', async () => {
  const { code, stderr } = await coupons(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
