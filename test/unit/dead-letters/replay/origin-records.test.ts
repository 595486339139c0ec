import { describe, expect, it } from 'vitest';
import { CliError } from '../../../../src/errors.js';
import { OriginRecords } from '../../../../src/dead-letters/replay/origin-records.js';
import { MemoryLog } from '../../../support/memory/log.js';

/** Counts fetches; each of them gives ten records at most. */
class CountingLog extends MemoryLog {
  fetches = 0;

  override async *read(topic: string, partition: number, from: bigint, to: bigint) {
    for (let next = from; next < to; next += 10n) {
      this.fetches += 1;
      yield* super.read(topic, partition, next, next + 10n < to ? next + 10n : to);
    }
  }
}

function logOf(records: number): CountingLog {
  const log = new CountingLog(1, 'requests');
  for (let index = 0; index < records; index += 1) log.append(0, { timestampMs: index });
  return log;
}

const at = (offset: number) => ({ topic: 'requests', partition: 0, offset: BigInt(offset) });

describe('looking up the records that letters are of', () => {
  it('costs one fetch for neighbours', async () => {
    const log = logOf(100);
    const origins = new OriginRecords(log);

    for (const offset of [0, 3, 9, 5]) {
      expect((await origins.at(at(offset)))?.timestamp).toBe(BigInt(offset));
    }

    expect(log.fetches).toBe(1);
  });

  it('costs no fetch a record either where the newest come first', async () => {
    const log = logOf(1000);
    const origins = new OriginRecords(log);

    for (let offset = 999; offset >= 0; offset -= 1) {
      expect((await origins.at(at(offset)))?.timestamp).toBe(BigInt(offset));
    }

    expect(log.fetches).toBeLessThan(200);
  });

  it('finds nothing that was deleted, is still to come, or never was', async () => {
    const log = logOf(10);
    log.deleteBefore(0, 5n);
    log.appendMarker(0);
    const origins = new OriginRecords(log);

    for (const offset of [4, 10, 11, 99]) expect(await origins.at(at(offset))).toBeNull();
    expect(await origins.at({ ...at(5), partition: 7 })).toBeNull();
    expect((await origins.at(at(5)))?.timestamp).toBe(5n);
  });

  it('finds nothing in a topic that does not exist', async () => {
    const log = logOf(1);
    log.bounds = () => Promise.reject(new CliError('TOPIC_NOT_FOUND', 'no such topic'));

    expect(await new OriginRecords(log).at(at(0))).toBeNull();
  });
});
