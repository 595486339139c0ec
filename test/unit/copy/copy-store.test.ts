import { describe, expect, it } from 'vitest';
import { copyStore, type CopyProgress } from '../../../src/copy/copy-store.js';
import type { CampaignTerms } from '../../../src/coupon/campaign.js';
import type { NewStore, StoredRecord } from '../../../src/ports/store-copy.js';
import { MemoryCopyEnd, type WholeStore } from '../../support/memory/copy-end.js';

const record = (id: number): StoredRecord => ({
  id,
  eventId: `event-${String(id)}`,
  couponId: 1,
  userId: 100 + id,
  outcome: 'ISSUED',
  reasonCode: null,
  campaignVersion: 1,
  position: { topic: 'requests', partition: 0, offset: BigInt(id) },
  timestampMs: 1,
  sequence: id,
  issuedAtMs: 2,
});

const TERMS: CampaignTerms = {
  ...{ name: null, totalQuantity: 9, status: 'ACTIVE', validFromMs: null, validUntilMs: null },
};

const WHOLE: WholeStore = {
  head: {
    id: 'store-a',
    lastIdOf01: 0,
    countedSinceMs: 1,
    campaigns: [{ ...TERMS, couponId: 1, version: 1, issuedQuantity: 7 }],
    versions: [{ ...TERMS, couponId: 1, version: 1, createdAtMs: 1, changedBy: 'op@host' }],
    positions: [],
  },
  records: [1, 2, 3, 4, 5, 6, 7].map(record),
  letters: [],
  events: [1, 2, 3, 4].map((id) => ({
    ...{ id, atMs: 5, actor: { user: 'op', host: 'host', pid: 1 } },
    ...{ kind: 'LETTERS_PURGED', topic: 'dlq', letters: id },
  })),
  minutes: [1, 2, 3, 4].map((partition) => ({
    ...{ minuteMs: 0, topic: 'requests', partition, couponId: 1 },
    ...{ outcome: 'ISSUED', reasonCode: null, rows: partition },
  })),
};

const silent = () => undefined;

function ends(whole: WholeStore = WHOLE) {
  return { from: new MemoryCopyEnd('a', whole), to: new MemoryCopyEnd('b') };
}

it('copies everything, and says how much', async () => {
  const { from, to } = ends();

  const { summary, isCopied, hasMovedOn } = await copyStore(from, to, silent);

  expect(to.whole).toEqual(WHOLE);
  expect({ isCopied, hasMovedOn }).toEqual({ isCopied: true, hasMovedOn: false });
  expect(summary.id).toBe('store-a');
  expect(summary.counts).toEqual({
    ...{ campaigns: 1, versions: 1, outcomes: 7, issued: 7, positions: 0, replayedLetters: 0 },
  });
});

it('says how far it is, first of copying, then of verifying', async () => {
  const { from, to } = ends();
  const heard: CopyProgress[] = [];

  await copyStore(from, to, (progress) => heard.push(progress));

  expect(heard.map(({ phase, outcomes, total }) => [phase, outcomes, total])).toEqual([
    ...[3, 6, 7].map((outcomes) => ['copying', outcomes, 7]),
    ...[3, 6, 7].map((outcomes) => ['verifying', outcomes, 7]),
  ]);
});

it('notices that the source was written to meanwhile', async () => {
  const { from, to } = ends();

  const { hasMovedOn } = await copyStore(from, to, () => {
    from.whole = { ...WHOLE, head: { ...WHOLE.head, campaigns: [] } };
  });

  expect(hasMovedOn).toBe(true);
});

describe('where there is a store already', () => {
  it('the same command again finds the copy that it made', async () => {
    const { from, to } = ends();
    await copyStore(from, to, silent);

    expect(await copyStore(from, to, silent)).toMatchObject({
      ...{ isCopied: false, summary: { counts: { outcomes: 7 } } },
    });
  });

  it.each([
    ['another store', { ...WHOLE, head: { ...WHOLE.head, id: 'store-b' } }],
    ['a copy of another state', { ...WHOLE, records: WHOLE.records.slice(1) }],
  ])('it is left as it is: %s', async (_, existing) => {
    const from = new MemoryCopyEnd('a', WHOLE);
    const to = new MemoryCopyEnd('b', existing);

    await expect(copyStore(from, to, silent)).rejects.toMatchObject({ code: 'STORE_EXISTS' });

    expect(to.whole).toBe(existing);
  });
});

describe('a copy that is not right is not kept', () => {
  it.each([
    ['a coupon too few', { ...WHOLE, records: WHOLE.records.slice(0, 6) }],
    ['a gap in the sequence', { ...WHOLE, records: [...WHOLE.records.slice(0, 6), record(8)] }],
    ['coupons of no campaign', { ...WHOLE, head: { ...WHOLE.head, campaigns: [] } }],
  ])('of a source that contradicts itself: %s', async (_, whole) => {
    const { from, to } = ends(whole);

    await expect(copyStore(from, to, silent)).rejects.toMatchObject({
      code: 'STORE_INCONSISTENT',
      message: expect.stringContaining('coupon 1') as unknown,
    });

    expect(to.whole).toBeNull();
  });

  it.each<[string, Partial<StoredRecord>]>([
    ['the eventId', { eventId: 'other' }],
    ['the user', { userId: 1 }],
    ['the offset', { position: { topic: 'requests', partition: 0, offset: 2n ** 62n } }],
    ['the time', { issuedAtMs: 3 }],
  ])('that reads back otherwise: %s', async (_, change) => {
    const { from } = ends();
    const to = new ForgetfulEnd('b', change);

    await expect(copyStore(from, to, silent)).rejects.toMatchObject({ code: 'STORE_COPY_DIFFERS' });

    expect(to.whole).toBeNull();
  });
});

/** Keeps one record otherwise than it was given. */
class ForgetfulEnd extends MemoryCopyEnd {
  constructor(
    name: string,
    private readonly change: Partial<StoredRecord>,
  ) {
    super(name);
  }

  override create<T>(fill: (store: NewStore) => Promise<T>): Promise<T> {
    return super.create((store) =>
      fill({
        putHead: (head) => store.putHead(head),
        addRecords: (records) =>
          store.addRecords(
            records.map((each) => (each.id === 5 ? { ...each, ...this.change } : each)),
          ),
        addReplayedLetters: (letters) => store.addReplayedLetters(letters),
        addEvents: (events) => store.addEvents(events),
        addOutcomeMinutes: (minutes) => store.addOutcomeMinutes(minutes),
        contents: () => store.contents(),
      }),
    );
  }
}
