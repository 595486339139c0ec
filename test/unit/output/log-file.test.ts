import {
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLogFile } from '../../../src/output/log-file.js';
import { eventually } from '../../support/eventually.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const MIB = 1024 * 1024;

function logFile(path = join(temporaryDir(), 'logs', 'application.log')) {
  const failures: string[] = [];
  const log = openLogFile(path, {
    logger: 'Kafka Consumer',
    format: 'text',
    failed: (why) => failures.push(why),
  });
  const read = () => readFileSync(path, 'utf8').replaceAll(/^\S+Z /gm, '');
  return { path, log, failures, read };
}

it('an event is one line of the log, and what a record holds can not steer who reads it', async () => {
  const { log, read } = logFile();
  log.info('started');
  log.warn('the value is not JSON: \u001B[2J\n\u009B31m gone');
  await log.close();
  expect(read()).toBe(
    'INFO  [Kafka Consumer] started\nWARN  [Kafka Consumer] the value is not JSON: �[2J �31m gone\n',
  );
});

it('a path that can not be written is an error at once', () => {
  const dir = temporaryDir();
  expect(() => logFile(dir)).toThrow(
    expect.objectContaining({
      ...{ code: 'LOG_NOT_WRITABLE', exitCode: 4 },
      message: `Cannot write the log file ${dir}: illegal operation on a directory.`,
    }) as Error,
  );
});

describe('a full disk', () => {
  it('is a failure that is reported once, and ends nothing', async () => {
    const path = join(temporaryDir(), 'full.log');
    symlinkSync('/dev/full', path);
    const { log, failures } = logFile(path);
    log.info('one');
    await eventually(() => failures.length > 0);
    log.info('two');
    await log.close();
    expect(failures).toEqual(['no space left on device']);
  });

  it('that has room again gets the next lines, and how many are missing', async () => {
    const path = join(temporaryDir(), 'full.log');
    symlinkSync('/dev/full', path);
    const { log, failures, read } = logFile(path);
    log.info('one');
    log.info('two');
    await eventually(() => failures.length > 0);
    renameSync(path, `${path}.full`);
    log.info('three');
    await log.close();
    expect(read()).toBe(
      'WARN  [Kafka Consumer] 2 lines are missing\nINFO  [Kafka Consumer] three\n',
    );
  });
});

const FOUR = [1, 2, 3, 4];

/** The file and those that it was rotated to. */
function rotated(path: string): readonly string[] {
  return ['', ...FOUR.map(String)].map((number) => path.replace('.log', `${number}.log`));
}

function bytesOf(path: string): number {
  return rotated(path).reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function linesOf(path: string): number {
  const texts = rotated(path)
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'latin1'));
  return texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
}

describe('rotation', () => {
  it('keeps five files, the newest under the name itself', async () => {
    const { path, log } = logFile();
    const numbered = (number: number) => path.replace('.log', `${String(number)}.log`);
    for (const number of [1, 2, 3, 4]) writeFileSync(numbered(number), `old ${number}\n`);
    log.info('x'.repeat(MIB / 2));
    writeFileSync(path, 'y'.repeat(10 * MIB), { flag: 'a' });
    await log.close();
    const again = logFile(path);
    again.log.info('at the end of the full file');
    await eventually(() => readFileSync(path, 'utf8').includes('at the end'));
    again.log.info('in a new file');
    await again.log.close();
    expect(again.read()).toBe('INFO  [Kafka Consumer] in a new file\n');
    expect(statSync(numbered(1)).size).toBeGreaterThan(10 * MIB);
    expect(readFileSync(numbered(4), 'utf8')).toBe('old 3\n');
    expect(existsSync(numbered(5))).toBe(false);
  });

  it('loses no line where several write to one file', async () => {
    const { path, log } = logFile();
    const logs = [log, logFile(path).log, logFile(path).log];
    const rounds = 18;
    for (let round = 1; round <= rounds; round += 1) {
      for (const each of logs) {
        FOUR.forEach(() => {
          each.info('x'.repeat(MIB / 5));
        });
      }
      const lines = round * logs.length * FOUR.length;
      await eventually(() => bytesOf(path) >= lines * (MIB / 5));
    }
    await Promise.all(logs.map((each) => each.close()));
    expect(existsSync(path.replace('.log', '3.log'))).toBe(true);
    expect(linesOf(path)).toBe(rounds * logs.length * FOUR.length);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('by another program is followed', async () => {
    const { path, log, read } = logFile();
    log.info('before');
    await eventually(() => read().includes('before'));
    renameSync(path, `${path}.1`);
    log.info('after');
    await log.close();
    expect(read()).toBe('INFO  [Kafka Consumer] after\n');
  });
});
