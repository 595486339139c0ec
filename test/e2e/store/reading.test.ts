import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { usePipeline } from '../../support/pipeline.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const pipeline = usePipeline();

const READING = [
  'campaigns list',
  'campaigns show 1',
  'issued list',
  'issued show --coupon 1 --user 1',
  'issued export',
  'audit',
  'dlq replay --dry-run',
  'store reset-offsets --dry-run',
];

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 1');
  await pipeline.succeed('produce --coupon 1 --count 1');
  await pipeline.succeed('consume --until-drained');
});

describe('a command that only reads', () => {
  it.each([...READING, 'campaigns update 1 --stock 2', 'store reset-offsets --yes'])(
    'creates no store where --store is mistyped: %s',
    async (command) => {
      const dir = temporaryDir();
      const store = join(dir, 'missing', 'cuopons.db');
      const failure = await pipeline.failure([...command.split(' '), '--store', store]);
      expect(failure).toMatchObject({ exitCode: 4, code: 'STORE_NOT_FOUND' });
      expect(failure.message).toBe(`There is no store at ${store}.`);
      expect(existsSync(join(dir, 'missing'))).toBe(false);
    },
  );

  it.each(READING)('does not wait for another process that is writing: %s', async (command) => {
    const lock = pipeline.database();
    lock.exec('BEGIN IMMEDIATE');
    try {
      await pipeline.succeed(command);
    } finally {
      lock.close();
    }
  });
});
