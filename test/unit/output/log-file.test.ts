import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLogFile } from '../../../src/output/log-file.js';
import { temporaryDir } from '../../support/temporary-dir.js';

it('an event is one line of the log, and what a record holds can not steer who reads it', async () => {
  const path = join(temporaryDir(), 'logs', 'application.log');
  const log = openLogFile(path, 'Kafka Consumer');
  log.info('started');
  log.warn('the value is not JSON: \u001B[2J\n\u009B31m gone');
  await log.close();
  expect((await readFile(path, 'utf8')).replaceAll(/^\S+ /gm, '')).toBe(
    'INFO  [Kafka Consumer] started\nWARN  [Kafka Consumer] the value is not JSON: �[2J �31m gone\n',
  );
});
