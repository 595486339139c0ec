/** One word for all of it: each thing that may be wrong, or was not looked at, keeps it from being OK. */
import { beforeEach, describe, expect, it } from 'vitest';
import { LARGE_LOG_BYTES } from '../../../src/ports/store-access.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { UnreachableError } from '../../../src/errors.js';
import { verdictOf } from '../../../src/status/judge.js';
import { PART_NAMES, readNow } from '../../../src/status/parts.js';
import type { StatusReport } from '../../../src/status/status.js';
import { statusFindingText } from '../../../src/words/en/status-findings.js';
import { LIMIT_MS, StatusWorld } from './status-world.js';

let world: StatusWorld;
beforeEach(async () => {
  world = await StatusWorld.start();
});

const PLACE = { group: 'coupon-issue-group', host: 'issuer-1' };

/** The word, the code that it is for, and the command to run. */
function summary({ findings }: StatusReport) {
  const [worst] = findings;
  const command = worst === undefined ? null : statusFindingText(worst, PLACE).command;
  return [verdictOf(findings), worst?.code ?? null, command];
}

const unread = (report: StatusReport) =>
  PART_NAMES.filter((name) => readNow<unknown>(report.parts[name]) === null);

const never = () => new Promise<never>(() => undefined);

describe('a sale that keeps up', () => {
  it('is OK, and every part was read', async () => {
    const report = await world.look();
    expect(summary(report)).toEqual(['OK', null, null]);
    expect(unread(report)).toEqual([]);
  });

  it('has rates over the last minute or two: what was asked, and what was decided', async () => {
    world.ask(60);
    await world.decide(60);
    const { rates } = await world.look();
    // From the beginning of the minute before: the virtual day begins at noon.
    expect(rates).toMatchObject({
      inPerSecond: 1,
      outPerSecond: 1,
      trend: 'steady',
      etaSeconds: 0,
    });
  });

  it('has read what does not wait, though repeats are no decisions', async () => {
    world.ask(606);
    await world.repeat(600);
    const report = await world.look();
    expect(report.rates).toMatchObject({
      decided: 1,
      inPerSecond: 10.1,
      outPerSecond: 10,
      trend: 'steady',
    });
    expect(summary(report)).toEqual(['OK', null, null]);
  });

  it('shows the most active campaigns first, and when they sold out', async () => {
    await world.store.createCampaign(2, {
      ...{ name: null, status: 'ACTIVE', validFromMs: null, validUntilMs: null },
      totalQuantity: 5,
    });
    await world.store.updateCampaign(1, { totalQuantity: 20 });
    world.ask(15);
    await world.decide(15);
    const soldOutAtMs = world.clock.now();
    const campaigns = readNow((await world.look()).parts.campaigns);
    expect(campaigns).toMatchObject({ total: 2, onSale: 1, oversold: [] });
    expect(campaigns?.campaigns.map(({ couponId }) => couponId)).toEqual([1, 2]);
    expect(campaigns?.campaigns[0]).toMatchObject({
      ...{ issuedQuantity: 20, issuedPerMinute: 10, decided: 15, isOnSale: false, soldOutAtMs },
    });
  });

  it('does not take the store to be beyond the log because it was read a moment later', async () => {
    const readings = world.readings();
    world.replaceStore({
      allPositions: async () => {
        world.ask(5);
        await world.decide(5);
        return world.store.allPositions();
      },
    });
    const report = await world.look(readings);
    expect(verdictOf(report.findings)).toBe('OK');
    const { partitions = [] } = readNow(report.parts.store) ?? {};
    expect(partitions[0]).toMatchObject({ nextOffset: 15n, committedOffset: 10n, endOffset: 15n });
  });
});

describe('what keeps the word from being OK', () => {
  it('no member, with and without something to read', async () => {
    world.leaveMembers();
    const command = 'coupons consume --concurrency 3';
    expect(summary(await world.look())).toEqual(['CAUTION', 'NO_MEMBERS', command]);
    world.ask(1);
    expect(summary(await world.look())).toEqual(['CRITICAL', 'NO_MEMBERS', command]);
  });

  it('no member, where the last consumer worked in batches', async () => {
    world.leaveMembers();
    const run = { run: 'one', group: PLACE.group, clusterId: 'c', topic: REQUEST_TOPIC };
    await world.happen({ kind: 'CONSUMER_STARTED', ...run, mode: 'batch', members: 3 } as never);
    const command = 'coupons consume --concurrency 3 --mode batch';
    expect(summary(await world.look())).toEqual(['CAUTION', 'NO_MEMBERS', command]);
  });

  it('nothing was decided while something waited, all of the last minute', async () => {
    world.ask(1);
    await world.pass(3 * 60_000);
    expect(summary(await world.look())).toEqual(['CRITICAL', 'STALLED', 'coupons advise']);
  });

  it('one record waits for minutes, though others are decided', async () => {
    world.ask(2);
    await world.pass(3 * 60_000);
    await world.decide(1);
    world.ask(1);
    const report = await world.look();
    expect(summary(report)).toEqual(['WARNING', 'BEHIND', 'coupons advise']);
    expect(report.findings[0]).toMatchObject({ unread: 2, waitedMs: 3 * 60_000 });
  });

  it('more comes than is decided', async () => {
    world.ask(400);
    await world.decide(10);
    await world.pass(15_000);
    const report = await world.look();
    expect(summary(report)).toEqual(['WARNING', 'FALLS_BEHIND', 'coupons advise']);
  });

  it('much is to be read, though it becomes less', async () => {
    world.ask(600);
    await world.pass(2 * 60_000);
    await world.decide(200);
    const report = await world.look();
    expect(summary(report)).toEqual(['CAUTION', 'CATCHING_UP', 'coupons lag --watch']);
    expect(report.rates?.etaSeconds).toBeGreaterThan(0);
  });

  it('a transaction is open, and all that is unread waits behind it', async () => {
    world.cluster.log(REQUEST_TOPIC).openTransaction(0);
    world.ask(1);
    expect(summary(await world.look())).toEqual(['WARNING', 'OPEN_TRANSACTION', 'coupons advise']);
  });

  it('the log was replaced by a shorter one', async () => {
    world.cluster.commit(PLACE.group, REQUEST_TOPIC, 0, 99n);
    expect(summary(await world.look())).toEqual([
      ...['CRITICAL', 'COMMITTED_BEYOND_END', 'coupons doctor'],
    ]);
  });

  it('the group uses another store', async () => {
    await world.commit(10n, { id: 'another' });
    const report = await world.look();
    expect(summary(report).slice(0, 2)).toEqual(['CRITICAL', 'OFFSETS_OF_ANOTHER_STORE']);
    // What this store has counted says nothing of that group.
    expect(report.rates?.outPerSecond).toBeNull();
  });

  it('a partition has no leader', async () => {
    world.cluster.log(DLQ_TOPIC).offline.add(0);
    const report = await world.look();
    const command = `coupons topics describe ${DLQ_TOPIC}`;
    expect(summary(report)).toEqual(['CRITICAL', 'OFFLINE_PARTITION', command]);
    expect(unread(report)).toEqual(['letters']);
  });

  it('the topics do not exist', async () => {
    await world.cluster.deleteTopics([REQUEST_TOPIC, DLQ_TOPIC]);
    const report = await world.look();
    expect(summary(report)).toEqual(['CRITICAL', 'TOPIC_MISSING', 'coupons topics create']);
    expect(report.findings.map(({ code }) => code)).not.toContain('NOT_READ');
    expect(readNow(report.parts.topics)?.missing).toEqual([REQUEST_TOPIC, DLQ_TOPIC]);
    const brokers = [1, 2, 3].map((id) => ({ id, address: `broker-${String(id)}:9092` }));
    world.replaceAdmin({ describeCluster: () => Promise.resolve({ clusterId: 'c', brokers }) });
    const [, , command] = summary(await world.look());
    expect(command).toBe('coupons topics create --profile production');
  });

  it('a broker that the cluster counts as up does not answer', async () => {
    world.replaceAdmin({ probeBroker: never });
    expect(summary(await world.look())).toEqual(['WARNING', 'BROKERS_SILENT', 'coupons doctor']);
  });

  it('a broker with replicas is not there', async () => {
    world.replaceAdmin({ describeCluster: () => Promise.resolve({ clusterId: 'c', brokers: [] }) });
    const report = await world.look();
    const command = `coupons topics describe ${REQUEST_TOPIC}`;
    expect(summary(report)).toEqual(['WARNING', 'BROKERS_DOWN', command]);
  });

  it('dead letters come', async () => {
    world.failLetters(3);
    await world.pass(11 * 60_000);
    expect(summary(await world.look())).toEqual(['OK', null, null]);
    world.failLetters(2);
    const report = await world.look();
    expect(summary(report)).toEqual(['CAUTION', 'LETTERS_COME', 'coupons dlq stats']);
    expect(readNow(report.parts.letters)).toEqual({
      ...{ total: 5, behindOpenTransaction: 0, recent: 2, replayed: 0, replayedUnknown: null },
      latest: [{ reasonCode: 'MALFORMED_JSON', letters: 5 }],
    });
  });

  it('a campaign has issued more than its stock', async () => {
    const [campaign] = await world.store.campaigns();
    if (campaign === undefined) throw new Error('there is no campaign');
    const oversold = { ...campaign, issuedQuantity: 1001 };
    world.replaceStore({ campaigns: () => Promise.resolve([oversold]) });
    expect(summary(await world.look())).toEqual(['CRITICAL', 'OVERSOLD', 'coupons audit']);
  });

  it('the last audit failed; a passed one says whether outcomes came after it', async () => {
    const audit = { kind: 'AUDITED', couponId: null, records: 10, unprocessed: 0, elapsedMs: 5 };
    await world.happen({ ...audit, verdict: 'FAIL', findings: 1 } as never);
    expect(summary(await world.look())).toEqual(['CRITICAL', 'AUDIT_FAILED', 'coupons audit']);
    await world.happen({ ...audit, verdict: 'PASS', findings: 0 } as never);
    const events = async () => readNow((await world.look()).parts.events);
    expect(await events()).toMatchObject({ outcomesSinceAudit: false, recent: [] });
    world.ask(1);
    await world.decide(1);
    expect(await events()).toMatchObject({ outcomesSinceAudit: null });
    await world.pass(60_000);
    world.ask(1);
    await world.decide(1);
    expect(await events()).toMatchObject({ outcomesSinceAudit: true });
    expect(summary(await world.look())).toEqual(['OK', null, null]);
  });

  it('a consumer has failed, until another one has started', async () => {
    const run = { run: 'one', group: PLACE.group };
    const failed = { kind: 'CONSUMER_STOPPED', ...run, records: 1, errorCode: 'STORE_FULL' };
    await world.happen(failed as never);
    expect(summary(await world.look())).toEqual(['CAUTION', 'CONSUMER_FAILED', 'coupons history']);
    const started = { clusterId: 'c', topic: REQUEST_TOPIC, mode: 'batch', members: 3 };
    await world.happen({ kind: 'CONSUMER_STARTED', ...run, ...started } as never);
    expect(summary(await world.look())).toEqual(['OK', null, null]);
  });
});

describe('a store that holds up its consumers', () => {
  const inCondition = (isLocked: boolean, writeAheadLogBytes: number) => {
    world.access.condition = () => Promise.resolve({ isLocked, writeAheadLogBytes });
  };

  it('is locked by another process, though no request has waited for long', async () => {
    inCondition(true, 0);
    expect(summary(await world.look())).toEqual(['WARNING', 'STORE_LOCKED', 'coupons doctor']);
  });

  it('has a log that grows as a process reads an old state of it', async () => {
    inCondition(false, LARGE_LOG_BYTES);
    expect(summary(await world.look())).toEqual(['OK', null, null]);
    inCondition(false, LARGE_LOG_BYTES + 1);
    expect(summary(await world.look())).toEqual(['CAUTION', 'STORE_LOG_LARGE', 'coupons doctor']);
  });
});

describe('what can not be read', () => {
  const away = () => Promise.reject(new UnreachableError('BROKER_UNREACHABLE', 'No broker.'));

  it('is not OK: without a store, Kafka is still shown', async () => {
    world.access.store = null;
    const report = await world.look();
    expect(summary(report)).toEqual(['UNKNOWN', 'NOT_READ', 'coupons doctor']);
    expect(report.findings).toHaveLength(1);
    expect(unread(report)).toEqual(['store', 'campaigns', 'events']);
  });

  it('is not OK: without a broker, the store is still shown', async () => {
    const methods = ['describeCluster', 'describeTopics', 'describeGroup', 'offsetsAtTime'];
    world.replaceAdmin(Object.fromEntries(methods.map((name) => [name, away])));
    const report = await world.look();
    expect(summary(report)).toEqual(['UNKNOWN', 'NOT_READ', 'coupons doctor']);
    expect(unread(report)).toEqual(['cluster', 'topics', 'group', 'store', 'letters']);
    expect(readNow(report.parts.campaigns)?.total).toBe(1);
  });

  it('is waited for no longer than the limit, and what hangs is not begun twice', async () => {
    let begun = 0;
    const describeTopics = () => {
      begun += 1;
      return never();
    };
    world.replaceAdmin({ describeTopics });
    const readings = world.readings();
    const startedMs = world.clock.now();
    const report = await world.look(readings);
    expect(world.clock.now() - startedMs).toBe(LIMIT_MS);
    expect(summary(report)).toEqual(['UNKNOWN', 'NOT_READ', 'coupons doctor']);
    expect(unread(report)).toEqual(['topics']);
    await world.look(readings);
    expect(begun).toBe(1);
  });

  it('keeps the figures of an earlier look, with their time, and is not OK for them', async () => {
    const readings = world.readings();
    const first = await world.look(readings);
    world.access.store = null;
    await world.pass(20_000);
    const report = await world.look(readings);
    expect(verdictOf(report.findings)).toBe('UNKNOWN');
    expect(report.parts.campaigns.data).toEqual(first.parts.campaigns.data);
    expect(report.parts.campaigns.asOfMs).toBe(first.atMs);
    expect(unread(report)).toEqual(['store', 'campaigns', 'events']);
  });
});
