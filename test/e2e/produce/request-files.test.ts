/** `produce --file`: nothing of a file is sent unless the whole of it is good. */
import { execFile } from 'node:child_process';
import { constants, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { environment, executable } from '../../support/command-line/cli.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { newFifo } from '../../support/fifo.js';
import { usePipeline } from '../../support/pipeline.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const BAD_JSONL = [
  '{"couponId":1,"userId":1}',
  '{"couponId":1,"userId":',
  '',
  '{"couponId":1}',
  '{"couponId":1,"userId":-4}',
  '[]',
  '{"couponId":1,"userId":2,"eventType":"OTHER"}',
  '{"couponId":1,"userId":3}',
].join('\n');

describe('produce --file', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  const file = async (name: string, text: string) => {
    const path = join(temporaryDir(), name);
    await writeFile(path, text);
    return path;
  };
  const users = async () =>
    (await pipeline.records()).map(
      ({ value }) => (JSON.parse(value?.toString() ?? '') as { readonly userId: number }).userId,
    );

  it('names the bad lines of a file and sends nothing of it', async () => {
    const path = await file('requests.jsonl', BAD_JSONL);
    const failure = await pipeline.failure(['produce', '--file', path]);
    expect(failure).toMatchObject({ exitCode: 1, code: 'BAD_LINES' });
    for (const line of [2, 4, 5, 6, 7]) expect(failure.message).toContain(`line ${line}: `);
    expect(failure.message).toContain('5 of 7 lines');
    expect(failure.hint).toContain('--skip-bad');
    expect(await users()).toEqual([]);
  });

  it('sends the good lines with --skip-bad, and warns of the others', async () => {
    const path = await file('requests.jsonl', BAD_JSONL);
    const run = await pipeline.run(['produce', '--file', path, '--skip-bad', '-o', 'json']);
    expect(run.code).toBe(0);
    expect(contract.produced.parse(run.json())).toMatchObject({ requested: 2, acknowledged: 2 });
    expect(run.stderr).toMatch(/warning: skipping 5 bad lines:\n {2}line 2: /);
    expect(await users()).toEqual([1, 3]);
  });

  it('names the bad lines of a CSV file, counting its header', async () => {
    const path = await file('requests.csv', 'couponId,userId\n1,1\n1,x\n1,\n');
    const failure = await pipeline.failure(['produce', '--file', path]);
    expect(failure).toMatchObject({ exitCode: 1, code: 'BAD_LINES' });
    expect(failure.message).toContain('line 3: ');
    expect(failure.message).toContain('line 4: ');
    expect(await users()).toEqual([]);
  });

  it('refuses a CSV file without the columns that a request needs', async () => {
    const path = await file('requests.csv', 'coupon;user\n1;1\n');
    const failure = await pipeline.failure(['produce', '--file', path, '--skip-bad']);
    expect(failure).toMatchObject({ exitCode: 1, code: 'BAD_LINES' });
    expect(failure.message).toContain(`The header of ${path}`);
  });

  it('sends nothing where a comma is within a number, and nothing of an empty CSV', async () => {
    const path = await file('requests.csv', 'couponId,userId\n1,7\n1,234,567\n');
    const failure = await pipeline.failure(['produce', '--file', path]);
    expect(failure.message).toContain('1 of 2 lines');
    expect(failure.message).toContain('is not a valid request; nothing was sent');
    expect(failure.message).toContain('line 3: it has 3 columns, the header has 2');
    const empty = ['produce', '--file', await file('empty.csv', '')];
    expect(await pipeline.failure(empty)).toMatchObject({ exitCode: 1, code: 'BAD_LINES' });
    expect(await users()).toEqual([]);
  });

  it('names a file that is not text once', async () => {
    const path = await file('requests.csv', '\u0000\n'.repeat(25));
    const { message } = await pipeline.failure(['produce', '--file', path]);
    expect(message).toBe(`${path} is not text in UTF-8. Nothing was sent.`);
  });

  it('sends the lines of stdin up to a bad one, and says which that is', async () => {
    const run = await pipeline.run(['produce', '--file', '-', '-o', 'json'], { input: BAD_JSONL });
    expect(run.code).toBe(1);
    const { acknowledged, error } = contract.produceFailed.parse(run.json());
    expect(acknowledged).toBe(1);
    expect(error.code).toBe('BAD_LINES');
    expect(error.message).toContain('Line 2 of stdin');
    expect(await users()).toEqual([1]);
  });

  it('passes over the bad lines of stdin with --skip-bad', async () => {
    const produced = await pipeline.json(
      contract.produced,
      ['produce', '--file', '-', '--skip-bad'],
      { input: BAD_JSONL },
    );
    expect(produced).toMatchObject({ requested: 2, acknowledged: 2, failed: 0 });
  });

  it('sends nothing of an empty file or of an empty stdin', async () => {
    const empty = { requested: 0, acknowledged: 0, failed: 0, partitions: [] };
    const path = await file('requests.jsonl', '\n\n');
    expect((await pipeline.run(['produce', '--file', path])).stderr).toContain('holds no requests');
    expect(await pipeline.json(contract.produced, ['produce', '--file', path])).toMatchObject(
      empty,
    );
    expect(await pipeline.json(contract.produced, ['produce', '--file', '-'])).toMatchObject(empty);
  });

  it('takes CSV from stdin when that is the --format', async () => {
    const produced = await pipeline.json(
      contract.produced,
      ['produce', '--file', '-', '--format', 'csv'],
      { input: 'userId,couponId\n7,1\n' },
    );
    expect(produced.acknowledged).toBe(1);
    expect(await users()).toEqual([7]);
  });

  const good = Array.from({ length: 20 }, (_, user) => `{"couponId":1,"userId":${user + 1}}\n`);

  it('sends all of a FIFO, though it can be read only once', async () => {
    const path = newFifo();
    const running = pipeline.start(['produce', '--file', path, '-o', 'json']);
    const writer = await open(path, 'w');
    for (const line of good) await writer.write(line);
    await writer.close();
    expect(await running.exit).toMatchObject({ code: 0 });
    const produced = contract.produced.parse(JSON.parse(running.stdout));
    expect(produced).toMatchObject({ requested: 20, acknowledged: 20, failed: 0 });
    expect(await users()).toHaveLength(20);
  });

  it('sends nothing of a FIFO that has a bad line, and leaves no copy of it behind', async () => {
    const path = newFifo();
    const copies = temporaryDir();
    const env = { TMPDIR: copies };
    const running = pipeline.start(['produce', '--file', path, '-o', 'json'], { env });
    await writeFile(path, [...good, 'not a request\n']);
    expect(await running.exit).toMatchObject({ code: 1 });
    expect(contract.failure.parse(JSON.parse(running.stdout)).error.code).toBe('BAD_LINES');
    expect(await users()).toEqual([]);
    expect(await readdir(copies)).toEqual([]);
  });

  it('ends at ctrl-C while nothing is written to its FIFO', async () => {
    const path = newFifo();
    const running = pipeline.start(['produce', '--file', path]);
    // Without blocking, a FIFO can be opened for writing only once it is open for reading.
    const writer = await eventually(() => open(path, constants.O_WRONLY | constants.O_NONBLOCK));
    running.kill('SIGINT');
    expect(await running.exit).toMatchObject({ code: 130 });
    await writer.close();
  });

  it('sends what a process substitution and what /dev/stdin give', async () => {
    const path = await file('requests.jsonl', good.join(''));
    const script = `"${process.execPath}" "${executable}" produce -o json --file <(cat "${path}")`;
    const env = environment({ COUPONS_BROKERS: pipeline.brokers });
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { env });
    const all = { requested: 20, acknowledged: 20, failed: 0 };
    expect(contract.produced.parse(JSON.parse(stdout))).toMatchObject(all);
    const input = good.join('');
    const piped = await pipeline.json(contract.produced, ['produce', '--file', '/dev/stdin'], {
      input,
    });
    expect(piped).toMatchObject(all);
  });

  it('says which file it cannot read', async () => {
    const dir = temporaryDir();
    for (const path of [join(dir, 'missing.jsonl'), dir]) {
      const failure = await pipeline.failure(['produce', '--file', path]);
      expect(failure.exitCode).toBe(2);
      expect(failure.message).toContain(path);
    }
  });
});
