import { beforeEach, expect, test } from 'vitest';
import { linesOf } from '../../../src/history/rebalances.js';
import { withUnended } from '../../../src/history/replays.js';
import type { EventDetails, StoredEvent } from '../../../src/ports/store-history.js';
import { lineText } from '../../../src/words/en/history-lines.js';
import { MemoryStore } from '../../support/memory/store.js';

const TWO_AM = Date.UTC(2026, 10, 27, 2);
const MINUTE_MS = 60_000;
const HOUR_LATER = TWO_AM + 60 * MINUTE_MS;
const actor = { user: 'ops', host: 'web-1', pid: 4711 };
const letter = {
  ...{ clusterId: 'c', topic: 'dlq', partition: 0 },
  ...{ timestampMs: TWO_AM - MINUTE_MS, checksum: 1 },
};

let nowMs: number;
let store: MemoryStore;
beforeEach(() => {
  nowMs = TWO_AM;
  store = new MemoryStore({ clock: () => nowMs });
});

function event(afterMinutes: number, details: EventDetails): StoredEvent {
  return { ...details, id: afterMinutes, atMs: TWO_AM + afterMinutes * MINUTE_MS, actor };
}
const begun = (afterMinutes: number, run: string) =>
  event(afterMinutes, { kind: 'REPLAY_BEGUN', run, topic: 'dlq', letters: 100 });
const ended = (afterMinutes: number, run: string, sent: number) =>
  event(afterMinutes, {
    ...{ kind: 'LETTERS_REPLAYED', run, topic: 'dlq', letters: 100, sent, failed: 0 },
    endedBy: null,
  });

async function replay(afterMinutes: number, letters: number, firstOffset: number): Promise<void> {
  nowMs = TWO_AM + afterMinutes * MINUTE_MS;
  const offsets = Array.from({ length: letters }, (_, index) => BigInt(firstOffset + index));
  await store.rememberReplayed(offsets.map((offset) => ({ ...letter, offset })));
}

async function textsOf(events: readonly StoredEvent[]): Promise<readonly string[]> {
  return linesOf(await withUnended(store, events, HOUR_LATER)).map(lineText);
}

test('a replay that ended is one line', async () => {
  await replay(1, 100, 0);
  expect(await textsOf([begun(1, 'a'), ended(2, 'a', 100)])).toEqual([
    'ops@web-1 replayed 100 dead letters of dlq',
  ]);
});

test('a replay that was killed says how many it sent, and not those of the next one', async () => {
  await replay(1, 40, 0);
  await replay(5, 60, 40);
  expect(await textsOf([begun(1, 'a'), begun(5, 'b'), ended(6, 'b', 60)])).toEqual([
    'ops@web-1 replayed 40 of 100 dead letters of dlq; no end is recorded up to 2026-11-27 03:00:00 UTC: pid 4711 still runs, or was killed',
    'ops@web-1 replayed 60 of 100 dead letters of dlq',
  ]);
});

test('a replay that was killed before its first letter sent none', async () => {
  const [line] = await textsOf([begun(1, 'a')]);
  expect(line).toContain('replayed 0 of 100 dead letters of dlq; no end is recorded');
});
