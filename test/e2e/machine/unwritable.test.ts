/**
 * Output that can't be written: a full disk (/dev/full, and a limit on the size of a file for a disk
 * that fills up in the middle), a reader that goes away.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { shell as bash } from '../../support/command-line/shell.js';

const NO_SPACE = 'error: Cannot write to stdout: no space left on device\n';
/** Of a pipe. */
const PIPE_BYTES = 65_536;
const LETTERS = 60;

const pipeline = usePipeline();
const shell = (script: string) =>
  bash(script, { COUPONS_BROKERS: pipeline.brokers, COUPONS_DATA_DIR: pipeline.dataDir });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '9']);
  await pipeline.send([
    ...Array.from({ length: 200 }, (_unused, index) => request(1, index + 1)),
    ...Array.from({ length: LETTERS }, () => ({ key: '1', value: 'x'.repeat(2000) })),
  ]);
  await pipeline.json(contract.consumed, ['consume', '--until-drained', '--mode', 'batch']);
});

describe('stdout on a full disk', () => {
  it.each([
    '',
    '--help',
    'help',
    '--version',
    'help lag',
    'lag --help',
    'completion bash',
    '__complete -- la',
    'topics list',
    'topics describe -o json',
    'topics create --dry-run',
    'campaigns list',
    'campaigns show 1 -o json',
    'campaigns update 1 --stock 9',
    'produce --file /dev/null',
    'consume --until-drained',
    'consume --until-drained --progress json -o json',
    'lag',
    'lag --fail-above 5 -o json',
    'lag --wait',
    'lag --watch',
    'lag --watch -o json',
    'advise --observe 1',
    'audit',
    'audit -o json',
    'dlq count',
    'dlq peek -o json',
    'dlq peek --follow --since 2020-01-01',
    'dlq show 0:0',
    'dlq stats',
    'dlq replay --dry-run',
    'dlq purge --before 0 --dry-run',
    'dlq export',
    'issued list -o json',
    'issued show --coupon 1 --user 1',
    'issued export',
    'issued export --format jsonl',
    'doctor',
    'store reset-offsets --dry-run',
    'context list -o json',
  ])('is a failure, and one line on stderr, of `coupons %s`', async (line) => {
    const { code, stderr } = await shell(`coupons ${line} > /dev/full`);
    expect([code, stderr.split('\n').filter((each) => each.startsWith('error:'))]).toEqual([
      1,
      [NO_SPACE.trim()],
    ]);
  });

  it('leaves the exit code of a check that failed, and of an error', async () => {
    const failed = await shell('coupons lag --group nobody --fail-above 0 > /dev/full');
    expect(failed).toMatchObject({ code: 3 });
    expect(failed.stderr).toContain(NO_SPACE);
    const unreachable = 'coupons lag --brokers 127.0.0.1:1 --timeout 1 -o json > /dev/full';
    const error = await shell(unreachable);
    expect(error.code).toBe(4);
    expect(error.stderr).toContain(NO_SPACE);
    expect(error.stderr).toContain('error: No broker answers');
  });

  it('that fills up in the middle of a document is a failure as well', async () => {
    const file = join(pipeline.dataDir, 'cut.json');
    const { code, stderr } = await shell(
      `ulimit -f 4; coupons dlq peek --quiet --max-messages 100 -o json > ${file}`,
    );
    expect([code, stderr]).toEqual([1, 'error: Cannot write to stdout: file too large\n']);
    expect((await stat(file)).size).toBe(4096);
  });

  it('says so of an export to a file, and leaves no part of it behind', async () => {
    const file = join(pipeline.dataDir, 'export.jsonl');
    const cut = await shell(`ulimit -f 4; coupons dlq export --quiet --file ${file}`);
    expect(cut.code).toBe(1);
    expect(cut.stderr).toMatch(/^error: Cannot write the export to .*file too large/);
    await expect(stat(file)).rejects.toThrow('ENOENT');
    const full = await shell('coupons issued export --file /dev/full -o json');
    expect(full.code).toBe(1);
    expect(full.stdout).toContain('CANNOT_WRITE_FILE');
  });
});

it('a log on a full disk is a warning, once, and the consumer goes on', async () => {
  await pipeline.send([request(1, 1)]);
  const run = await shell('coupons consume --until-drained --log-file /dev/full -o json');
  expect(run.code).toBe(0);
  expect(contract.consumed.parse(JSON.parse(run.stdout))).toMatchObject({ records: 1 });
  expect(run.stderr.match(/no space left on device/g)).toHaveLength(1);
  expect(run.stderr).toMatch(/^warning: Cannot write the log \/dev\/full: /m);
});

describe('a reader that goes away', () => {
  const throughHead = (line: string) =>
    shell(`coupons ${line} | head -c1 > /dev/null; exit \${PIPESTATUS[0]}`);

  it.each([
    ['a list', 'dlq peek --max-messages 100 -o json'],
    ['an export', 'dlq export'],
    ['a check that passes', 'lag --fail-above 5 -o json'],
    ['help', '--help'],
  ])('has seen enough of %s: exit 0, nothing on stderr', async (_what, line) => {
    expect(await throughHead(line)).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not turn a failed check into success, however large the output', async () => {
    await pipeline.admin.createTopics({ topics: [{ topic: 'wide', numPartitions: 600 }] });
    await pipeline.send([request(1, 1)], 'wide');
    const check = 'lag --topic wide --group nobody --fail-above 0 -o json';
    const whole = await shell(`coupons ${check}`);
    expect(whole.stdout.length).toBeGreaterThan(PIPE_BYTES);
    expect(whole.code).toBe(3);
    expect(await throughHead(check)).toMatchObject({ code: 3, stderr: '' });
  });

  it('ends a watch, which has no verdict then', async () => {
    expect(await throughHead('lag --watch --interval 0.2')).toMatchObject({ code: 0, stderr: '' });
    const check = await throughHead('lag --watch --interval 0.2 --fail-above 100000');
    expect(check).toMatchObject({ code: 130 });
    expect(check.stderr).toContain('nothing reads stdout');
    const wait = await throughHead('lag --watch --wait --group nobody --interval 0.2 --timeout 2');
    expect(wait).toMatchObject({ code: 3 });
  });

  it('takes nothing from a reader that is only slow', async () => {
    const line = 'dlq peek --max-messages 100 -o json';
    const whole = await shell(`coupons ${line} > ${pipeline.dataDir}/whole.json`);
    expect(whole.code).toBe(0);
    const slow = await shell(`coupons ${line} | { read -r -N1 first; echo -n "$first"; cat; }`);
    expect(slow.stdout.length).toBeGreaterThan(PIPE_BYTES);
    expect(slow.stdout).toBe(await readFile(`${pipeline.dataDir}/whole.json`, 'utf8'));
  });
});
