import { expect, it } from 'vitest';
import { openLogFile } from '../../../src/output/log-file.js';
import { newFifo } from '../../support/fifo.js';

function logTo(path: string) {
  const failures: string[] = [];
  const failed = (why: string) => failures.push(why);
  return { log: openLogFile(path, { logger: 'Kafka Consumer', format: 'text', failed }), failures };
}

it('a log in a FIFO that nothing reads is missed, and nothing waits for a reader', async () => {
  const { log, failures } = logTo(newFifo());
  log.info('started');
  await log.close();
  expect(failures).toEqual(['no such device or address']);
});
