import { describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../../../src/coupon/topics.js';
import type {
  LetterFilterData,
  LetterPage,
} from '../../../../../src/serve/console/wire/letters.js';
import { LetterPages } from '../../../../../src/serve/console/letters/letter-pages.js';
import { MemoryLog } from '../../../../support/memory/log.js';
import { letterRecord } from '../../../../support/letters.js';
import { request } from '../../../../support/requests.js';

const FIRST_MS = Date.UTC(2026, 10, 27, 12);

/** A DLQ whose letters are one second apart, by turns in each partition; user n is in the n-th, from 0. */
function dlqOf(letters: number, partitions = 3): MemoryLog {
  const log = new MemoryLog(partitions, DLQ_TOPIC);
  for (let user = 0; user < letters; user += 1) append(log, user);
  return log;
}

function append(log: MemoryLog, user: number): void {
  const reasonCode = user % 2 === 0 ? 'WRONG_TYPE' : 'PROCESSING_FAILED';
  const record = letterRecord(request(1, user + 1), { reasonCode });
  log.append(user % log.partitions, { ...record, timestampMs: FIRST_MS + user * 1000 });
}

interface Asked {
  readonly filter?: LetterFilterData;
  readonly limit?: number;
  readonly before?: string | null;
}

const REAL = { now: () => Date.now() };

function ask(log: MemoryLog, { filter = {}, limit = 10, before = null }: Asked, clock = REAL) {
  const pages = new LetterPages({ reader: log, clock });
  return pages.page({ filter, limit, before }, new AbortController().signal);
}

const usersOf = ({ letters }: LetterPage) => letters.map(({ userId }) => userId);

/** All pages, one after the other; `between` happens after each. */
async function all(log: MemoryLog, asked: Asked = {}, between: () => void = () => undefined) {
  const users: (number | null)[] = [];
  let before: string | null = null;
  do {
    const page: LetterPage = await ask(log, { ...asked, before });
    users.push(...usersOf(page));
    before = page.next;
    between();
  } while (before !== null);
  return users;
}

const down = (from: number, to = 1) => Array.from({ length: from - to + 1 }, (_, i) => from - i);

describe('a page of dead letters', () => {
  it('has the newest first, whatever their partition', async () => {
    const page = await ask(dlqOf(25), { limit: 10 });
    expect(usersOf(page)).toEqual(down(25, 16));
    expect(page).toMatchObject({ looked: 10, left: 15 });
    expect(page.letters[0]).toEqual({
      partition: 0,
      offset: '8',
      timestampMs: FIRST_MS + 24_000,
      reasonCode: 'WRONG_TYPE',
      failureReason: 'it failed',
      couponId: 1,
      userId: 25,
      retryCount: 3,
      replayCount: 0,
      origin: { topic: 'coupon-issue-requests', partition: 0, offset: String(2n ** 60n) },
    });
  });

  it('is followed by one that goes on where it ended', async () => {
    expect(await all(dlqOf(25))).toEqual(down(25));
  });

  it('is the last one where nothing is left', async () => {
    expect(await ask(dlqOf(10), { limit: 10 })).toMatchObject({ next: null, left: 0 });
    expect(await ask(dlqOf(9), { limit: 10 })).toMatchObject({ next: null, left: 0 });
    expect(await ask(dlqOf(0), { limit: 10 })).toMatchObject({
      letters: [],
      next: null,
      looked: 0,
    });
  });

  it('is followed by the same ones while further letters arrive', async () => {
    const log = dlqOf(25);
    let arrived = 25;
    const users = await all(log, { limit: 4 }, () => {
      for (let each = 0; each < 5; each += 1) append(log, (arrived += 1));
    });
    expect(users).toEqual(down(25));
  });

  it('is followed by what a purge has left', async () => {
    const log = dlqOf(30);
    const first = await ask(log, { limit: 10 });
    for (const partition of [0, 1, 2]) log.deleteBefore(partition, 5n);
    const rest = await ask(log, { limit: 10, before: first.next });
    expect(usersOf(rest)).toEqual(down(20, 16));
    expect(rest.next).toBeNull();
  });

  it('is followed by none of a partition that was added meanwhile', async () => {
    const log = dlqOf(6);
    const { next } = await ask(log, { limit: 2 });
    log.addPartitions(4);
    log.append(3, { ...letterRecord(request(1, 99)), timestampMs: FIRST_MS });
    expect(usersOf(await ask(log, { before: next }))).toEqual(down(4));
  });

  it('has only what a filter finds', async () => {
    const log = dlqOf(12);
    expect(await all(log, { filter: { reason: 'wrongType' }, limit: 2 })).toEqual([
      11, 9, 7, 5, 3, 1,
    ]);
    expect(await all(log, { filter: { partition: 1 } })).toEqual([11, 8, 5, 2]);
    expect(await all(log, { filter: { coupon: 2 } })).toEqual([]);
    const since = { sinceMs: FIRST_MS + 2000, untilMs: FIRST_MS + 5000 };
    expect(await all(log, { filter: since })).toEqual([5, 4, 3]);
    expect(await all(log, { filter: { text: '"USERID":7,' } })).toEqual([7]);
  });

  it('ends in front of an open transaction', async () => {
    const log = dlqOf(2, 1);
    log.openTransaction(0);
    append(log, 2);
    expect(await all(log)).toEqual([2, 1]);
  });

  it('ends after a while where a filter rarely matches, and says how far it looked', async () => {
    const log = dlqOf(30);
    let nowMs = 0;
    // Each letter takes 100 ms.
    const clock = { now: () => (nowMs += 100) };
    const page = await ask(log, { filter: { text: '"userId":1,' } }, clock);
    expect(page.letters).toEqual([]);
    expect(page.looked).toBeGreaterThan(5);
    expect(page.looked).toBeLessThan(30);
    expect(page.left).toBe(30 - page.looked);
    expect(usersOf(await ask(log, { before: page.next, limit: 1 }))).toEqual([30 - page.looked]);
  });

  it('is short, whatever a letter says', async () => {
    const log = new MemoryLog(1, DLQ_TOPIC);
    const huge = 'x'.repeat(1_000_000);
    log.append(0, {
      value: Buffer.from(JSON.stringify({ originalEvent: huge, failureReason: huge })),
      headers: {
        'coupon-dlq-reason': Buffer.from(huge),
        'coupon-dlq-origin-topic': Buffer.from(huge),
        'coupon-dlq-origin-partition': Buffer.from('0'),
        'coupon-dlq-origin-offset': Buffer.from('0'),
      },
    });
    const page = await ask(log, {});
    expect(JSON.stringify(page).length).toBeLessThan(2000);
    expect(page.letters[0]?.failureReason?.slice(-3)).toBe('xx…');
  });

  it('is refused where its address is wrong', async () => {
    const log = dlqOf(6);
    for (const before of [
      '',
      'x',
      '0',
      '0-',
      '0-1.',
      '0-1.0-1',
      '-1-1',
      '9-1',
      '0-99',
      '0-9'.repeat(9),
    ]) {
      await expect(ask(log, { before })).rejects.toMatchObject({ code: 'PAGE_NOT_FOUND' });
    }
    const beyond = `0-${String(2n ** 63n)}`;
    await expect(ask(log, { before: beyond })).rejects.toMatchObject({ code: 'PAGE_NOT_FOUND' });
    await expect(ask(log, { filter: { partition: 3 } })).rejects.toMatchObject({
      code: 'PARTITION_NOT_FOUND',
    });
  });

  it('is not read on where its viewer is gone', async () => {
    const log = dlqOf(30);
    const gone = new AbortController();
    const pages = new LetterPages({ reader: log, clock: REAL });
    const page = pages.page({ filter: {}, before: null, limit: 10 }, gone.signal);
    gone.abort();
    await expect(page).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('waits until two others are read', async () => {
    const log = dlqOf(30);
    let reading = 0;
    let most = 0;
    const reader = {
      bounds: async () => {
        most = Math.max(most, (reading += 1));
        await new Promise((resolve) => setImmediate(resolve));
        return log.bounds();
      },
      read: log.read.bind(log),
    };
    const pages = new LetterPages({ reader, clock: REAL });
    const wanted = { filter: {}, before: null, limit: 5 };
    const viewer = new AbortController();
    const waiting = [1, 2, 3, 4, 5, 6].map(async () => {
      const page = await pages.page(wanted, viewer.signal);
      reading -= 1;
      return usersOf(page);
    });
    const impatient = new AbortController();
    const left = pages.page(wanted, impatient.signal);
    impatient.abort();

    await expect(left).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => down(30, 26)));
    expect(most).toBe(2);
  });
});
