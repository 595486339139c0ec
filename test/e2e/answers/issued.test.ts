import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { STORES, usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const SOLD_OUT_COUPON = 1;
const OTHER_COUPON = 2;

describe.each(STORES)('issued coupons, on %s', (store) => {
  const pipeline = usePipeline({ store });

  beforeAll(async () => {
    await pipeline.reset();
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '3']);
    await pipeline.json(contract.campaign, ['campaigns', 'create', '2', '--stock', '3']);
    await pipeline.send([
      ...[10, 11, 10, 12, 13].map((userId) => request(SOLD_OUT_COUPON, userId)),
      ...[10, 14].map((userId) => request(OTHER_COUPON, userId, { eventId: `other-${userId}` })),
      request(99, 10),
    ]);
    await pipeline.drain();
    await pipeline.send([request(OTHER_COUPON, 77, { eventId: 'still-waiting' })]);
  });

  const list = (...args: readonly string[]) =>
    pipeline.json(contract.issuedList, ['issued', 'list', ...args]);
  const show = (couponId: number, userId: number) =>
    pipeline.json(contract.issuedShow, [
      ...['issued', 'show', '--coupon', String(couponId), '--user', String(userId)],
    ]);
  const campaigns = () => pipeline.json(contract.campaignList, ['campaigns', 'list']);

  it('are listed in the order of issuing, with where their request stands in the log', async () => {
    const { issued, total } = await list('--coupon', '1');
    expect(total).toBe(3);
    expect(issued.map(({ userId, sequence }) => [userId, sequence])).toEqual([
      [10, 1],
      [11, 2],
      [12, 3],
    ]);
    const records = await pipeline.records();
    for (const { eventId, position } of issued) {
      const record = records.find(
        ({ partition, offset }) =>
          partition === position.partition && offset.toString() === position.offset,
      );
      expect(record?.value?.toString()).toContain(eventId);
    }
  });

  it('are found by user, and cut at the limit with the total told', async () => {
    const ofUser = await list('--user', '10');
    expect(ofUser.issued.map(({ couponId }) => couponId)).toEqual([1, 2]);
    expect(ofUser.total).toBe(2);

    const cut = await list('--limit', '2');
    expect([cut.issued.length, cut.total]).toEqual([2, 5]);
    const ofCoupon = await list('--coupon', '1', '--limit', '2');
    expect([ofCoupon.issued.length, ofCoupon.total]).toEqual([2, 3]);
    const ofUserCut = await list('--user', '10', '--limit', '1');
    expect([ofUserCut.issued.length, ofUserCut.total]).toEqual([1, 2]);
    expect(await list('--coupon', '99')).toEqual({ issued: [], total: 0 });
  });

  it('count against the stock, which cannot go below them', async () => {
    const before = await campaigns();
    expect(before.campaigns.map(({ issuedQuantity }) => issuedQuantity)).toEqual([3, 2]);
    expect(await pipeline.failure(['campaigns', 'update', '1', '--stock', '2'])).toMatchObject({
      exitCode: 1,
      code: 'STOCK_BELOW_ISSUED',
    });
    expect(await campaigns()).toEqual(before);
  });

  it('are shown to their holder, who asked a second time in vain', async () => {
    expect(await show(1, 10)).toMatchObject({ status: 'ISSUED', outcome: 'ISSUED', sequence: 1 });
    expect(await show(2, 14)).toMatchObject({
      status: 'ISSUED',
      sequence: 2,
      eventId: 'other-14',
    });
  });

  it('are not shown to who came too late or asked for what does not exist', async () => {
    const nothing = { status: 'FAILED', sequence: null, issuedAt: null };
    expect(await show(1, 13)).toMatchObject({ ...nothing, outcome: 'SOLD_OUT' });
    expect(await show(99, 10)).toMatchObject({ ...nothing, outcome: 'NOT_FOUND' });
  });

  it('tell a request that waits from one that was never made', async () => {
    const nothing = { couponId: 2, outcome: null, sequence: null, issuedAt: null };
    const { partition, offset } = (await pipeline.records()).at(-1) ?? {};
    expect(await show(2, 77)).toMatchObject({
      ...nothing,
      userId: 77,
      status: 'PENDING',
      eventId: 'still-waiting',
      reason: { code: 'WAITING', partition, recordsAhead: 0 },
      next: { command: expect.stringMatching(/^coupons lag( |$)/) as unknown },
    });
    const never = await show(2, 78);
    expect(never).toMatchObject({
      ...nothing,
      userId: 78,
      status: 'NOT_REQUESTED',
      eventId: null,
      requests: [],
      isComplete: true,
      notes: [],
    });
    expect(never.lookedAt.partitions.find((each) => each.partition === partition)).toMatchObject({
      storeOffset: offset?.toString(),
    });
    const { stdout } = await pipeline.run(['issued', 'show', '--coupon', '2', '--user', '78']);
    expect(stdout).toMatch(/NOT_REQUESTED\n\nLooked at: .*\n\nPARTITION/);
  });

  it('are told to their user over all campaigns, with the reasons and what to do', async () => {
    const args = ['issued', 'show', '--user', '13'];
    const { coupons, ...sold } = await pipeline.json(contract.issuedShowAll, args);
    const { issued } = await list('--coupon', '1');
    expect(coupons).toMatchObject([
      {
        couponId: SOLD_OUT_COUPON,
        status: 'FAILED',
        reason: { code: 'SOLD_OUT', stock: 3, soldOutAt: issued[2]?.issuedAt, lastUserId: 12 },
        next: { code: 'RAISE_STOCK' },
      },
    ]);
    expect(coupons[0]?.next?.command).toMatch(/^coupons campaigns update 1 --stock 4( |$)/);
    expect(sold).toMatchObject({ userId: 13, deadLetters: [], isComplete: true, notes: [] });

    const all = await pipeline.json(contract.issuedShowAll, ['issued', 'show', '--user', '10']);
    expect(
      all.coupons.map(({ couponId, requests }) => [couponId, requests.map((each) => each.outcome)]),
    ).toEqual([
      [1, ['ISSUED', 'DUPLICATE']],
      [2, ['ISSUED']],
      [99, ['NOT_FOUND']],
    ]);
    const { stdout } = await pipeline.run(args);
    expect(stdout).toContain('3 of 3 were gone at 20');
    expect(stdout).toContain('the last went to user 12.');
  });

  it('are missing in a dead letter that names the user', async () => {
    await pipeline.send([{ key: '1', value: '{"couponId":"one","userId":314}' }]);
    await pipeline.drain();
    const args = ['issued', 'show', '--user', '314'];
    const { coupons, deadLetters } = await pipeline.json(contract.issuedShowAll, args);
    expect(coupons).toEqual([]);
    expect(deadLetters).toMatchObject([{ offset: '0', userId: 314, couponId: 1 }]);
    expect((await pipeline.run(args)).stdout).toContain('coupons dlq show 0:0');
  });

  it('are exported as CSV with one row each', async () => {
    const { issued } = await list();
    const { code, stdout } = await pipeline.run(['issued', 'export']);
    expect(code).toBe(0);
    const rows: unknown = parse(stdout, { columns: true });
    expect(rows).toEqual(
      issued.map(({ couponId, userId, sequence, eventId, issuedAt, position }) => ({
        couponId: String(couponId),
        userId: String(userId),
        sequence: String(sequence),
        eventId,
        issuedAt,
        topic: position.topic,
        partition: String(position.partition),
        offset: position.offset,
      })),
    );
  });

  it('are exported as JSON lines into a file', async () => {
    const file = join(temporaryDir(), 'winners.jsonl');
    const args = ['issued', 'export', '--coupon', '1', '--format', 'jsonl', '--file'];
    expect(await pipeline.json(contract.issuedExported, [...args, file])).toEqual({
      file,
      exported: 3,
    });
    const text = await readFile(file, 'utf8');
    expect((await pipeline.run([...args, '-'])).stdout).toBe(text);
    const lines = text.trimEnd().split('\n');
    const { issued } = await list('--coupon', '1');
    expect(lines.map((line) => contract.issuedCoupon.parse(JSON.parse(line)))).toEqual(issued);
  });

  it('are exported to a spreadsheet as text, never as a formula, and to JSON lines as they are', async () => {
    const ids = ['=1+1', '@SUM(1)', '-2+3', '+4', '=HYPERLINK("http://x","y")', 'plain', "'quoted"];
    const users = ids.map((_id, index) => 500 + index);
    await pipeline.json(contract.campaign, ['campaigns', 'create', '3', '--stock', '10']);
    await pipeline.send(ids.map((eventId, index) => request(3, 500 + index, { eventId })));
    await pipeline.drain();
    const args = ['issued', 'export', '--coupon', '3'];
    const { stdout } = await pipeline.run([...args, '--bom']);
    expect(stdout.startsWith('\uFEFFcouponId,')).toBe(true);
    const rows = parse<Readonly<Record<string, string>>>(stdout, { columns: true, bom: true });
    expect(rows.map((row) => row['eventId'])).toEqual([
      ...["'=1+1", "'@SUM(1)", "'-2+3", "'+4", `'=HYPERLINK("http://x","y")`, 'plain', "'quoted"],
    ]);
    expect(rows.map((row) => Number(row['userId']))).toEqual(users);
    const lines = (await pipeline.run([...args, '--format', 'jsonl'])).stdout.trimEnd().split('\n');
    expect(lines.map((line) => contract.issuedCoupon.parse(JSON.parse(line)).eventId)).toEqual(ids);
    expect(await pipeline.failure([...args, '--format', 'jsonl', '--bom'])).toMatchObject({
      exitCode: 2,
    });
  });

  it('are held by a user whose dead letter another program wrote and a replay sent', async () => {
    const [user, { key, value }] = [88, request(47, 88)];
    await pipeline.succeed('campaigns create 47 --stock 1');
    await pipeline.send([{ key, value }], DLQ_TOPIC);
    const shown = async () =>
      (await pipeline.run(['issued', 'show', '--user', String(user)])).stdout;
    expect(await shown()).toMatch(/^Other dead letters .*\n+LETTER .* REPLAYED .*\n.* no /m);

    await pipeline.succeed('dlq replay --yes');
    await pipeline.drain();

    expect(await shown()).toMatch(/^Coupon 47, user 88: ISSUED/);
    expect(await shown()).toMatch(/^Other dead letters .*\n+LETTER .* REPLAYED .*\n.* yes /m);
  });

  it('leave no half file where an export cannot be written', async () => {
    const dir = temporaryDir();
    const missing = join(dir, 'missing', 'winners.csv');
    expect(await pipeline.failure(['issued', 'export', '--file', missing])).toMatchObject({
      exitCode: 1,
      code: 'CANNOT_WRITE_FILE',
    });
    expect(await pipeline.failure(['issued', 'export', '--file', dir])).toMatchObject({
      exitCode: 1,
      code: 'CANNOT_WRITE_FILE',
    });
    expect(await readdir(dir)).toEqual([]);
  });
});
