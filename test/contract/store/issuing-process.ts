import { openStore } from '../../../src/store/open.js';
import { PartitionLog, request } from './log.js';

/**
 * A process that issues coupon 1 from one partition, seven requests a transaction, and reports each
 * batch when it is durable. Arguments: the store's path, the partition, how many batches.
 */
const [path = '', partition = '', batches = ''] = process.argv.slice(2);

const BATCH_SIZE = 7;

const store = openStore(path);
const log = new PartitionLog(store, { partition: Number(partition) });
for (let batch = 0; batch < Number(batches); batch++) {
  const first = batch * BATCH_SIZE;
  const entries = Array.from({ length: BATCH_SIZE }, (_, index) => {
    const userId = 1 + Number(partition) * 1_000_000 + first + index;
    return request(1, userId, { eventId: `${partition}-${userId}` });
  });
  await log.apply(...entries);
  process.send?.(first + BATCH_SIZE);
}
await store.close();
process.disconnect();
