import { beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { letterIdentity } from '../../../src/dead-letters/letter-identity.js';
import { CliError, InterruptedError } from '../../../src/errors.js';
import { isIncomplete } from '../../../src/issued/note.js';
import type { LookedUp } from '../../../src/issued/look-up.js';
import { SaleInMemory, START_MS } from './sale-in-memory.js';

const USER = 42;

let sale: SaleInMemory;

beforeEach(async () => {
  sale = await SaleInMemory.new();
});

/** Of the only coupon. */
function only({ history }: LookedUp) {
  const [coupon, ...others] = history.coupons;
  expect(others).toEqual([]);
  if (coupon === undefined) throw new Error('no coupon');
  return coupon;
}

const codesOf = ({ notes }: LookedUp) => notes.map(({ code }) => code);

describe('why a user has no coupon', () => {
  it('is that it was sold out: since when, and who got the last one of the stock of that time', async () => {
    await sale.campaign(1, { totalQuantity: 2 });
    for (const user of [7, 7044, USER]) sale.ask(1, user);
    await sale.read();
    const readAtMs = sale.nowMs;
    await sale.store.updateCampaign(1, { totalQuantity: 3 });
    sale.ask(1, 9);
    await sale.read();

    const { status, outcome, reason, next, requests } = only(await sale.lookUp(USER));

    expect([status, outcome]).toEqual(['FAILED', 'SOLD_OUT']);
    expect(reason).toEqual({
      code: 'SOLD_OUT',
      stock: 2,
      soldOutAtMs: readAtMs,
      lastUserId: 7044,
    });
    expect(requests).toMatchObject([{ position: { offset: 2n }, timestampMs: START_MS + 3000 }]);
    expect(next).toMatchObject({ code: 'RAISE_STOCK', stock: 4, again: 'ASK' });
  });

  it('is that the window had ended or had not begun, or that the campaign was inactive', async () => {
    await sale.campaign(1, { validUntilMs: START_MS });
    await sale.campaign(2, { validFromMs: START_MS + 60_000 });
    await sale.campaign(3, {});
    sale.nowMs += 5000;
    const inactiveMs = sale.nowMs;
    await sale.store.updateCampaign(3, { status: 'INACTIVE' }, 'jane@ops');
    sale.nowMs += 5000;
    await sale.store.updateCampaign(3, { name: 'renamed' }, 'joe@desk');
    for (const coupon of [1, 2, 3]) sale.ask(coupon, USER);
    await sale.read();
    await sale.store.updateCampaign(3, { status: 'ACTIVE' });

    const { coupons } = (await sale.lookUp(USER)).history;

    const timestampMs = START_MS + 11_000;
    expect(coupons.map(({ reason }) => reason)).toEqual([
      { code: 'EXPIRED', validUntilMs: START_MS, timestampMs },
      { code: 'NOT_STARTED', validFromMs: START_MS + 60_000, timestampMs: timestampMs + 1000 },
      { code: 'INACTIVE', sinceMs: inactiveMs, changedBy: 'jane@ops' },
    ]);
    expect(coupons.map(({ next }) => next?.code)).toEqual([
      'EXTEND_WINDOW',
      'WAIT_FOR_START',
      'ASK_AGAIN',
    ]);
  });

  it('is that there was no such campaign, which may have been created since', async () => {
    sale.ask(8, USER);
    sale.ask(9, USER);
    await sale.read();
    sale.nowMs += 60_000;
    await sale.campaign(9, {});

    const { coupons } = (await sale.lookUp(USER)).history;

    expect(coupons.map(({ reason }) => reason)).toEqual([
      { code: 'NOT_FOUND', createdAtMs: null },
      { code: 'NOT_FOUND', createdAtMs: sale.nowMs },
    ]);
    expect(coupons.map(({ next }) => next?.code)).toEqual(['CREATE_CAMPAIGN', 'ASK_AGAIN']);
  });

  it('is not a question for a user who holds it: each later request names the first', async () => {
    await sale.campaign(1, {});
    sale.ask(1, 7);
    sale.ask(1, USER, { eventId: 'first' });
    sale.ask(1, USER, { eventId: 'second' });
    await sale.read();
    const readAtMs = sale.nowMs;
    sale.cluster.log(REQUEST_TOPIC).offline.add(0);

    const looked = await sale.lookUp(USER, { couponId: 1 });

    expect(looked.notes).toEqual([]);
    const coupon = only(looked);
    expect(coupon).toMatchObject({ status: 'ISSUED', sequence: 2, eventId: 'first', next: null });
    expect(coupon.requests.map(({ reason }) => reason)).toEqual([
      { code: 'ISSUED', sequence: 2, issuedAtMs: readAtMs },
      { code: 'DUPLICATE', sequence: 2, issuedAtMs: readAtMs, eventId: 'first' },
    ]);
  });

  it('is that the request waits behind others of its partition, or behind an open transaction', async () => {
    await sale.campaign(1, {});
    sale.ask(1, 7);
    await sale.read();
    for (const user of [8, 9]) sale.ask(1, user);
    sale.ask(1, USER);
    sale.cluster.log(REQUEST_TOPIC).openTransaction(1);
    sale.ask(2, USER, { partition: 1 });

    const looked = await sale.lookUp(USER);

    expect(looked.history.coupons).toMatchObject([
      { couponId: 1, status: 'PENDING', outcome: null, next: { code: 'WAIT' } },
      { couponId: 2, status: 'PENDING', outcome: null, next: { code: 'END_TRANSACTION' } },
    ]);
    expect(looked.history.coupons.map(({ reason }) => reason)).toEqual([
      {
        code: 'WAITING',
        partition: 0,
        recordsAhead: 2,
        waitedMs: 1000,
        isBehindOpenTransaction: false,
      },
      {
        code: 'WAITING',
        partition: 1,
        recordsAhead: 0,
        waitedMs: 0,
        isBehindOpenTransaction: true,
      },
    ]);
    expect(codesOf(looked)).toEqual(['OPEN_TRANSACTION']);
  });

  it('is what came last of several requests; one that waits may still win', async () => {
    await sale.campaign(1, { totalQuantity: 0 });
    sale.ask(1, USER);
    sale.ask(1, USER, { partition: 1 });
    await sale.read(1);
    await sale.read(0);
    await sale.store.updateCampaign(1, { totalQuantity: 1 });
    const failed = only(await sale.lookUp(USER));
    expect(failed).toMatchObject({ status: 'FAILED', next: { code: 'ASK_AGAIN' } });
    expect(failed.requests.map(({ position }) => position.partition)).toEqual([1, 0]);

    sale.ask(1, USER, { eventId: 'again' });
    const again = only(await sale.lookUp(USER));
    expect(again).toMatchObject({ status: 'PENDING', eventId: 'again' });
    expect(again.requests.map(({ outcome }) => outcome)).toEqual(['SOLD_OUT', 'SOLD_OUT', null]);
  });

  it('is never a request that was decided while the log was read, or is there twice', async () => {
    await sale.campaign(1, { totalQuantity: 0 });
    sale.ask(1, USER, { eventId: 'the-same' });
    await sale.read();
    sale.ask(1, USER, { eventId: 'the-same' });
    sale.ask(2, USER);

    const onProgress = () => {
      void sale.read();
    };
    const { history } = await sale.lookUp(USER, { onProgress });

    expect(history.coupons.map(({ couponId, outcome }) => [couponId, outcome])).toEqual([
      [1, 'SOLD_OUT'],
      [2, 'NOT_FOUND'],
    ]);
  });
});

describe('a request that died', () => {
  beforeEach(async () => {
    await sale.campaign(1, { totalQuantity: 1 });
    sale.ask(1, 7, { partition: 1 });
    sale.ask(1, USER, { eventId: 'its-event' });
    await sale.read(0, [USER]);
  });

  it('has its reason and its letter, and can be replayed while there is stock', async () => {
    const { status, outcome, reason, next } = only(await sale.lookUp(USER));
    expect([status, outcome]).toEqual(['FAILED', 'DEAD_LETTERED']);
    expect(reason).toEqual({
      code: 'DEAD_LETTERED',
      reasonCode: 'PROCESSING_FAILED',
      failureReason: 'the store refuses it',
      letter: { partition: 0, offset: 0n },
      wasReplayed: false,
      isDecided: false,
    });
    expect(next).toMatchObject({ code: 'REPLAY', eventId: 'its-event' });

    await sale.read(1);
    expect(only(await sale.lookUp(USER)).next).toMatchObject({
      code: 'RAISE_STOCK',
      again: 'REPLAY',
    });
  });

  it('says that it was replayed, waits, and was decided', async () => {
    const [letter] = sale.cluster.log(DLQ_TOPIC).all();
    if (letter === undefined) throw new Error('no letter');
    await sale.store.rememberReplayed([letterIdentity(letter, await sale.cluster.clusterId())]);
    expect(only(await sale.lookUp(USER))).toMatchObject({
      reason: { wasReplayed: true },
      next: { code: 'WAIT' },
    });

    sale.ask(1, USER, { eventId: 'its-event' });
    expect(only(await sale.lookUp(USER))).toMatchObject({
      status: 'PENDING',
      requests: [{ outcome: 'DEAD_LETTERED' }, { outcome: null }],
    });

    await sale.read();
    const { status, requests } = only(await sale.lookUp(USER));
    expect(status).toBe('ISSUED');
    expect(requests.map(({ reason }) => reason)).toMatchObject([
      { code: 'DEAD_LETTERED', isDecided: true },
      { code: 'ISSUED' },
    ]);
  });

  it('can only be asked for again where its letter is gone', async () => {
    sale.cluster.log(DLQ_TOPIC).deleteBefore(0, 1n);
    expect(only(await sale.lookUp(USER))).toMatchObject({
      reason: { letter: null },
      next: { code: 'ASK_AGAIN' },
    });
  });
});

it('finds the letters that name a user in what is no request', async () => {
  const texts = [
    '{"couponId":"one","userId":42}',
    '{"couponId":1,"userId":"42",',
    '{"couponId":"one","userId":421}',
    '{"couponId":2,"userId":42,"eventType":"OTHER"}',
  ];
  for (const text of texts) sale.append({ value: Buffer.from(text) });
  await sale.read();

  const looked = await sale.lookUp(USER);
  expect(looked.history.coupons).toEqual([]);
  expect(looked.history.letters.map(({ position }) => position.offset)).toEqual([3n, 1n, 0n]);
  const ofCoupon = await sale.lookUp(USER, { couponId: 1 });
  expect(ofCoupon.history.letters.map(({ position }) => position.offset)).toEqual([1n, 0n]);
});

describe('that a user did not ask', () => {
  it('is said with what was looked at', async () => {
    sale.ask(1, 7);
    await sale.read();
    sale.ask(1, 8);

    const looked = await sale.lookUp(USER, { couponId: 1 });

    expect(only(looked)).toMatchObject({ status: 'NOT_REQUESTED', reason: null, next: null });
    expect(looked.notes).toEqual([]);
    expect(looked.partitions).toMatchObject([
      { storeOffset: 1n, bound: { partition: 0, startOffset: 0n, endOffset: 2n } },
      { storeOffset: null, bound: { partition: 1, startOffset: 0n, endOffset: 0n } },
    ]);
    expect(looked.letters).toMatchObject({ looked: 0, total: 0 });
  });

  it('says where records were deleted unread, and where the oldest are gone', async () => {
    const log = sale.cluster.log(REQUEST_TOPIC);
    for (const partition of [0, 1]) {
      sale.ask(1, 7, { partition });
      await sale.read(partition);
      sale.ask(1, 8, { partition });
      sale.ask(1, 9, { partition });
    }
    log.deleteBefore(0, 2n);
    log.deleteBefore(1, 1n);

    expect((await sale.lookUp(USER)).notes).toEqual([
      { code: 'DELETED_UNREAD', topic: REQUEST_TOPIC, partition: 0, from: 1n, to: 2n },
      { code: 'LOG_BEGINS_LATER', topic: REQUEST_TOPIC, partitions: [1] },
    ]);
    // The request that is there needs no guess of what else there was.
    expect(codesOf(await sale.lookUp(9))).toEqual(['DELETED_UNREAD']);
  });

  it('says which partitions have no leader, of the log and of the DLQ', async () => {
    sale.cluster.log(REQUEST_TOPIC).offline.add(1);
    sale.cluster.log(DLQ_TOPIC).offline.add(0);
    expect((await sale.lookUp(USER)).notes).toEqual([
      { code: 'PARTITIONS_OFFLINE', topic: REQUEST_TOPIC, partitions: [1] },
      { code: 'PARTITIONS_OFFLINE', topic: DLQ_TOPIC, partitions: [0] },
    ]);
  });

  it('says where dead letters wait behind an open transaction, and can’t be looked at', async () => {
    sale.cluster.log(DLQ_TOPIC).openTransaction(0);
    sale.append({ value: Buffer.from('{"userId":42}') });
    await sale.read();
    const { history, notes } = await sale.lookUp(USER);
    expect(history.letters).toEqual([]);
    expect(notes).toMatchObject([{ code: 'OPEN_TRANSACTION', transaction: { topic: DLQ_TOPIC } }]);
    expect(notes.every(isIncomplete)).toBe(true);
  });

  it('reads all of a log that is not the one that the store has read', async () => {
    sale.ask(1, 7);
    sale.ask(1, 8);
    await sale.read();
    await sale.cluster.deleteTopics([REQUEST_TOPIC]);
    await sale.cluster.createTopics([
      { name: REQUEST_TOPIC, partitions: 1, replicationFactor: 1, config: {} },
    ]);
    sale.ask(1, USER);

    const looked = await sale.lookUp(USER);

    expect(only(looked).status).toBe('PENDING');
    expect(looked.notes).toEqual([{ code: 'LOG_REPLACED', topic: REQUEST_TOPIC, partitions: [0] }]);
  });

  it('does not call a log replaced that a running group has read on meanwhile', async () => {
    sale.ask(1, 7);
    await sale.read();
    const boundsOf = sale.cluster.logBounds.bind(sale.cluster);
    sale.cluster.logBounds = async (topics) => {
      const bounds = await boundsOf(topics);
      sale.ask(1, 8);
      await sale.read();
      return bounds;
    };

    expect((await sale.lookUp(USER)).notes).toEqual([]);
  });

  it('is not said where the log can’t be read; what the store knows is', async () => {
    await sale.campaign(1, { totalQuantity: 0 });
    sale.ask(1, 7);
    await sale.read();
    const away = new CliError('BROKER_UNREACHABLE', 'No broker answers.');
    sale.cluster.logBounds = () => Promise.reject(away);

    await expect(sale.lookUp(USER)).rejects.toBe(away);
    const known = await sale.lookUp(7);
    expect(only(known).outcome).toBe('SOLD_OUT');
    expect(known.notes).toEqual([
      { code: 'LOG_NOT_READ', message: 'No broker answers.' },
      { code: 'LETTERS_NOT_READ', message: 'No broker answers.' },
    ]);
  });

  it('ends where it is interrupted', async () => {
    sale.ask(1, 7);
    const signal = AbortSignal.abort();
    await expect(sale.lookUp(USER, { signal })).rejects.toThrow(InterruptedError);
  });
});
