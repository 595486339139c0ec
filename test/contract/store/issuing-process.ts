import { once } from 'node:events';
import { openStore } from '../../../src/store/sqlite/open.js';
import { PartitionLog, request } from './log.js';

/**
 * A process that issues coupon 1 from one partition, seven requests a transaction. It says that it is
 * ready, waits to be told to start, so that several start at once, and then reports how many records
 * are durable after each batch. Arguments: the store's path, the partition, how many batches.
 */
const [path = '', partition = '', batches = ''] = process.argv.slice(2);

const BATCH_SIZE = 7;

// It never outlives the tests that started it.
process.once('disconnect', () => process.exit());
const start = once(process, 'message');
process.send?.('ready');
await start;

const store = openStore(path);
const log = new PartitionLog(store, { partition: Number(partition) });
for (let batch = 0; batch < Number(batches); batch++) {
  const first = batch * BATCH_SIZE;
  const entries = Array.from({ length: BATCH_SIZE }, (_, index) => {
    const userId = 1 + Number(partition) * 1_000_000 + first + index;
    return request(1, userId, { eventId: `${partition}-${userId}` });
  });
  await log.apply(...entries);
  const records = first + BATCH_SIZE;
  await new Promise((sent) => process.send?.(records, sent));
}
await store.close();
process.disconnect();
