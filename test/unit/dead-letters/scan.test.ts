import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import { followLetters } from '../../../src/dead-letters/follow.js';
import type { LetterFilter } from '../../../src/dead-letters/filter.js';
import { scanLetters } from '../../../src/dead-letters/scan.js';
import type { LogReader } from '../../../src/ports/log.js';
import { MemoryLog } from '../../support/memory/log.js';

async function scan(log: MemoryLog, newestFirst: boolean, filter: LetterFilter = {}) {
  const query = { topic: log.topic, bounds: await log.bounds(), filter, newestFirst };
  const found: string[] = [];
  for await (const { letter } of scanLetters(log, query)) {
    found.push(`${letter.partition}:${letter.offset}`);
  }
  return found;
}

describe('going through the dead letters', () => {
  const log = new MemoryLog(3, 'dlq');
  for (const [partition, timestampMs] of [
    [0, 10],
    [1, 5],
    [0, 20],
    [1, 30],
    // A clock that went back: within a partition, the order of offsets counts.
    [1, 1],
  ] as const) {
    log.append(partition, { timestampMs, value: Buffer.from(`at ${timestampMs}`) });
  }
  log.appendMarker(0);

  it('gives the oldest first, whatever their partition', async () => {
    expect(await scan(log, false)).toEqual(['1:0', '0:0', '0:1', '1:1', '1:2']);
  });

  it('gives the newest first', async () => {
    expect(await scan(log, true)).toEqual(['0:1', '0:0', '1:2', '1:1', '1:0']);
  });

  it('reads only the partition that was asked for', async () => {
    expect(await scan(log, false, { partition: 1 })).toEqual(['1:0', '1:1', '1:2']);
  });

  it('ends where a transaction is open, from either side', async () => {
    const held = new MemoryLog(1, 'dlq');
    held.append(0, {});
    held.openTransaction(0);
    held.append(0, {});
    expect(await scan(held, false)).toEqual(['0:0']);
    expect(await scan(held, true)).toEqual(['0:0']);
  });

  it('gives the same, turned round, where there are more than one window of them', async () => {
    const long = new MemoryLog(1, 'dlq');
    for (let index = 0; index < 1000; index += 1) long.append(0, { timestampMs: index });
    long.deleteBefore(0, 17n);

    const oldest = await scan(long, false);

    expect(oldest).toHaveLength(983);
    expect(await scan(long, true)).toEqual(oldest.toReversed());
  });

  it('reads no further than is asked for', async () => {
    const long = new MemoryLog(1, 'dlq');
    for (let index = 0; index < 1000; index += 1) long.append(0, { timestampMs: index });
    const bounds = await long.bounds();
    const read: bigint[] = [];
    const original = long.read.bind(long);
    long.read = (topic, partition, from, to) => {
      read.push(from);
      return original(topic, partition, from, to);
    };

    for await (const { letter } of scanLetters(long, {
      topic: 'dlq',
      bounds,
      filter: {},
      newestFirst: true,
    })) {
      if (letter.offset === 998n) break;
    }

    expect(read).toEqual([936n]);
  });
});

describe('following the dead letters', () => {
  /** What is seen while these things happen, one after the other whenever nothing is new. */
  async function follow(log: LogReader, fromStart: boolean, events: readonly (() => void)[]) {
    const left = [...events];
    const seen: string[] = [];
    const after = fromStart ? null : await log.bounds('dlq');
    const tick = () => {
      const event = left.shift();
      event?.();
      return Promise.resolve(event !== undefined);
    };
    for await (const { record } of followLetters(log, { topic: 'dlq', filter: {}, after }, tick)) {
      seen.push(String(record.value));
    }
    return seen;
  }

  function logOf(...values: readonly string[]): MemoryLog {
    const log = new MemoryLog(2, 'dlq');
    for (const value of values) log.append(0, { value: Buffer.from(value) });
    return log;
  }

  it('shows each that comes from now on, once', async () => {
    const log = logOf('old');
    const comes = (partition: number, value: string) => () => {
      log.append(partition, { value: Buffer.from(value) });
    };
    const seen = await follow(log, false, [comes(0, 'a'), () => undefined, comes(1, 'b')]);
    expect(seen).toEqual(['a', 'b']);
  });

  it('shows those that are there, too, where it is asked to', async () => {
    expect(await follow(logOf('old'), true, [])).toEqual(['old']);
  });

  it('goes on after a purge', async () => {
    const log = logOf('old');
    const read = log.read.bind(log);
    // As Kafka does where nobody looked before.
    log.read = (topic, partition, from, to) => {
      if (from < (partition === 0 ? start : 0n)) throw new Error('OFFSET_OUT_OF_RANGE');
      return read(topic, partition, from, to);
    };
    let start = 0n;
    const seen = await follow(log, false, [
      () => {
        log.append(0, { value: Buffer.from('purged') });
        log.append(0, { value: Buffer.from('kept') });
        log.deleteBefore(0, 2n);
        start = 2n;
      },
    ]);
    expect(seen).toEqual(['kept']);
  });

  it('goes on where it was when the broker comes back, and says once a look what is wrong', async () => {
    const log = logOf('old');
    const read = log.read.bind(log);
    const told: (string | null)[] = [];
    let isUp = true;
    // Goes away in the middle of a look, after its first record.
    log.read = async function* (topic, partition, from, to) {
      for await (const [first, ...others] of read(topic, partition, from, to)) {
        if (first !== undefined) yield [first];
        if (!isUp) throw new CliError('BROKER_UNREACHABLE', 'gone', null);
        yield others;
      }
    };
    const events = [
      () => {
        for (const value of ['a', 'b', 'c']) log.append(0, { value: Buffer.from(value) });
        isUp = false;
      },
      () => undefined,
      () => (isUp = true),
    ];
    const query = { topic: 'dlq', filter: {}, after: await log.bounds() };
    const seen: string[] = [];
    for await (const { record } of followLetters(log, query, (trouble) => {
      told.push(trouble?.code ?? null);
      const event = events.shift();
      event?.();
      return Promise.resolve(event !== undefined);
    })) {
      seen.push(String(record.value));
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(told).toEqual([null, 'BROKER_UNREACHABLE', 'BROKER_UNREACHABLE', null]);
  });

  it('goes on with a DLQ that was made anew', async () => {
    let log = logOf('a', 'b', 'c');
    const reader: LogReader = {
      clusterId: () => log.clusterId(),
      bounds: () => log.bounds(),
      ledBounds: (...asked) => log.ledBounds(...asked),
      recordAt: (position) => log.recordAt(position),
      read: (topic, partition, from, to) => log.read(topic, partition, from, to),
      readUncommitted: (...range) => log.readUncommitted(...range),
    };
    const seen = await follow(reader, false, [
      () => {
        log = logOf('first of the new one');
      },
    ]);
    expect(seen).toEqual(['first of the new one']);
  });
});
