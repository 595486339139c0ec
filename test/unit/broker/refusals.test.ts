/** One walk over every API in every version: whatever fails in it is answered in its own format. */
import { afterAll, expect, test } from 'vitest';
import type { RequestContext } from '../../../src/broker/api.js';
import { apiTable, type TableEntry } from '../../../src/broker/api-table.js';
import { Coordinator } from '../../../src/broker/groups/coordinator.js';
import { Storage } from '../../../src/broker/storage/storage.js';
import { MalformedRequestError, Reader, type Writer } from '../../../src/broker/wire/codec.js';
import { BrokerFaults } from '../../support/broker/broker-faults.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { ManualClock } from '../../support/clock/manual.js';

const apis = apiTable.map((entry) => ({ name: entry.name, entry }));

const versionsOf = ({ minVersion, maxVersion }: TableEntry) =>
  Array.from({ length: maxVersion - minVersion + 1 }, (_, i) => minVersion + i);

const clock = new ManualClock();
const storage = new Storage(temporaryDir(), clock, () => undefined);
afterAll(() => storage.close());

function contextOf({ name }: TableEntry, version: number): RequestContext {
  return {
    storage,
    groups: new Coordinator(storage.groupOffsets, clock, () => undefined),
    clock,
    host: '127.0.0.1',
    port: 9092,
    dataDir: '/data',
    warn: () => undefined,
    faults: null,
    api: name,
    version,
    clientId: 'client',
    clientHost: '/127.0.0.1',
    fault: null,
  };
}

/** Zeros are a request of every API: empty names and no elements. How many, the API itself says. */
async function answerToZeros(entry: TableEntry, context: RequestContext): Promise<Writer | null> {
  for (let length = 0; length < 100; length += 1) {
    try {
      return await entry.api.answer(new Reader(Buffer.alloc(length)), context);
    } catch (error) {
      if (!(error instanceof MalformedRequestError)) throw error;
    }
  }
  throw new Error(`No request of ${entry.name} was found.`);
}

/** Zeros ask for acks 0, to which nothing is answered. */
const isSilent = (name: string) => name === 'Produce';

test.each(apis)('$name answers with an injected error in every version', async ({ entry }) => {
  for (const version of versionsOf(entry)) {
    const faults = new BrokerFaults();
    const fault = faults.add({ api: entry.name, error: 'REQUEST_TIMED_OUT' });
    const context = { ...contextOf(entry, version), faults };
    const answer = await answerToZeros(entry, context);
    expect(answer === null).toBe(isSilent(entry.name));
    expect(fault.hits).toBe(1);
  }
});

test.each(apis)('$name answers in every version where its handler throws', async ({ entry }) => {
  for (const version of versionsOf(entry)) {
    const warnings: string[] = [];
    const context: RequestContext = {
      ...contextOf(entry, version),
      get storage(): never {
        throw new Error('broken storage');
      },
      get groups(): never {
        throw new Error('broken groups');
      },
      warn: (line) => warnings.push(line),
    };
    const answer = await answerToZeros(entry, context);
    expect(answer === null).toBe(isSilent(entry.name));
    // Some have nothing to look up for an empty request.
    for (const line of warnings) expect(line).toContain('failed in the broker');
  }
});
