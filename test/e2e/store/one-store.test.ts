/** A group has one store: what another one decided, this one does not know. */
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CONSUMER_GROUP, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { couponsOn, keys } from '../../support/command-line/terminal.js';

const DRAIN = ['consume', '--until-drained'];
const TAKE_OVER = ['store', 'take-over'];
const RESET = ['store', 'reset-offsets'];

interface Diagnosis {
  readonly checks: readonly { readonly name: string }[];
}

describe('a group', () => {
  const pipeline = usePipeline();
  let otherStore: readonly string[];

  /** Five requests are decided, with stock for seven. */
  beforeEach(async () => {
    await pipeline.reset();
    otherStore = ['--store', join(temporaryDir(), 'other.db')];
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '7']);
    await pipeline.send([1, 2, 3, 4, 5].map((userId) => request(1, userId)));
    await pipeline.drain();
  });

  const issued = async (args: readonly string[] = []) => {
    const list = await pipeline.json(contract.issuedList, ['issued', 'list', ...args]);
    return list.issued.map(({ userId }) => userId);
  };
  /** What compares the store with the group says so; of the right one nothing does. */
  const saidByOthers = async (code: string, store: readonly string[]) => {
    const [lag, doctor, advice, show, right] = await Promise.all([
      pipeline.json(contract.lag, ['lag', ...store]),
      pipeline.run(['doctor', '-o', 'json', ...store]),
      pipeline.json(contract.advice, ['advise', '--observe', '1', ...store]),
      pipeline.run(['issued', 'show', '--coupon', '1', '--user', '99', ...store]),
      pipeline.json(contract.lag, ['lag']),
    ]);
    const audit = await pipeline.json(contract.audit, ['audit', ...store], { code: 3 });
    expect(audit.findings[0]).toMatchObject({ code, couponId: null, position: null });
    expect(lag.noteCodes).toContain(code);
    expect(doctor).toMatchObject({ code: 3 });
    expect(doctor.json<Diagnosis>().checks).toContainEqual(
      expect.objectContaining({ name: 'store-of-group', status: 'fail', code }),
    );
    expect(advice.findings[0]).toMatchObject({ code, severity: 'critical' });
    expect(advice.steps[0]).toMatchObject({ code: 'USE_THE_GROUPS_STORE' });
    expect(show.stderr).toContain('warning: Group coupon-issue-group');
    expect(right.noteCodes).not.toContain(code);
  };
  /** What only reads the store answers all the same, and says whose it is not. */
  const ofAnotherStore = async (store: readonly string[]) => {
    for (const command of ['campaigns list', 'campaigns show 1', 'issued list', 'issued export']) {
      const args = command.split(' ');
      const asked = await pipeline.run([...args, ...store]);
      expect([command, asked.code]).toEqual([command, 0]);
      expect(asked.stderr, command).toContain('warning: Group coupon-issue-group');
      const [quiet, right, alone] = await Promise.all([
        pipeline.run([...args, ...store, '--quiet']),
        pipeline.run(args),
        pipeline.run([...args, ...store, '--brokers', '127.0.0.1:1']),
      ]);
      for (const { code, stderr } of [quiet, right, alone]) {
        expect(code).toBe(0);
        expect(stderr, command).not.toContain('warning');
      }
      expect(alone.stdout).toBe(asked.stdout);
    }
  };
  const historyOfAnotherStore = async (store: readonly string[]) => {
    const ofOne = await pipeline.run(['history', '--coupon', '1', ...store]);
    expect(ofOne.stderr).toContain('warning: Group coupon-issue-group');
    const ofAll = await pipeline.run(['history', ...store]);
    expect(ofAll.stdout).toContain('note: How many asked is not known');
  };
  /** Restored to where the group's store is. */
  const insteadOfTheStore = async (copy: string, work: () => Promise<void>) => {
    const path = join(pipeline.dataDir, 'coupons.db');
    renameSync(path, `${path}.right`);
    copyFileSync(copy, path);
    await work();
    renameSync(`${path}.right`, path);
  };
  const partitionOfRequests = async () => (await pipeline.records())[0]?.partition ?? -1;

  it('refuses a member with another store, which decides nothing, and says what to do', async () => {
    await pipeline.send([request(1, 6)]);
    const failure = await pipeline.failure([...DRAIN, ...otherStore]);
    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_NOT_OF_GROUP' });
    expect(failure.message).toContain(join(pipeline.dataDir, 'coupons.db'));
    for (const way of ['--store', 'coupons store take-over', 'coupons store reset-offsets']) {
      expect(failure.hint).toContain(way);
    }
    // A path that was mistyped has no new store afterwards.
    expect(await pipeline.failure(['issued', 'list', ...otherStore])).toMatchObject({
      code: 'STORE_NOT_FOUND',
    });
    const create = ['campaigns', 'create', '1', '--stock', '7', ...otherStore];
    await pipeline.json(contract.campaign, create);
    expect((await pipeline.failure([...DRAIN, ...otherStore])).code).toBe('STORE_NOT_OF_GROUP');
    expect(await issued(otherStore)).toEqual([]);
    await saidByOthers('OFFSETS_OF_ANOTHER_STORE', otherStore);
    for (const way of ['--dry-run', '--yes']) {
      const replay = await pipeline.failure(['dlq', 'replay', way, ...otherStore]);
      expect(replay).toMatchObject({ exitCode: 1, code: 'OFFSETS_OF_ANOTHER_STORE' });
      expect(replay.hint).toContain('Nothing was sent.');
    }
    expect((await pipeline.drain()).outcomes).toMatchObject({ ISSUED: 1 });
  });

  it('refuses a second store while its first member has committed nothing, too', async () => {
    await pipeline.reset();
    const first = pipeline.start(['consume', '--progress', 'json']);
    await eventually(async () => {
      const lag = await pipeline.json(contract.lag, ['lag']);
      expect(lag).toMatchObject({ state: 'Stable', members: 3 });
    });
    expect(await pipeline.failure([...DRAIN, ...otherStore])).toMatchObject({
      code: 'STORE_NOT_OF_GROUP',
    });
    first.kill();
    expect(await first.exit).toMatchObject({ code: 0 });
  });

  it('has one store where two start at the same moment: the other decides nothing', async () => {
    await pipeline.reset();
    const stores = [otherStore, ['--store', join(pipeline.dataDir, 'coupons.db')]];
    for (const store of stores) {
      const create = ['campaigns', 'create', '1', '--stock', '7', ...store];
      await pipeline.json(contract.campaign, create);
    }
    await pipeline.send([1, 2, 3, 4, 5].map((userId) => request(1, userId)));
    const runs = await Promise.all(
      stores.map((store) => pipeline.run([...DRAIN, ...store, '-o', 'json'])),
    );
    const [refused] = runs.filter(({ code }) => code !== 0);
    expect(runs.map(({ code }) => code).toSorted()).toEqual([0, 1]);
    expect(refused?.json()).toMatchObject({ error: { code: 'STORE_NOT_OF_GROUP' } });
    const held = await Promise.all(stores.map((store) => issued(store)));
    expect(held.map(({ length }) => length).toSorted()).toEqual([0, 5]);
  });

  it('refuses an older copy of its store, and goes on with it after a take-over', async () => {
    const copy = join(temporaryDir(), 'copy.db');
    copyFileSync(join(pipeline.dataDir, 'coupons.db'), copy);
    await pipeline.send([6, 7].map((userId) => request(1, userId)));
    await pipeline.drain();
    const restored = ['--store', copy];
    const failure = await pipeline.failure([...DRAIN, ...restored]);
    expect(failure).toMatchObject({ exitCode: 1, code: 'STORE_BEHIND_GROUP' });
    expect(failure.message).toContain(`${copy} has applied`);
    expect(failure.message).toContain('up to offset 5');
    expect(await issued(restored)).toHaveLength(5);
    await saidByOthers('OFFSETS_AHEAD_OF_STORE', restored);
    await ofAnotherStore(restored);
    await historyOfAnotherStore(restored);
    await insteadOfTheStore(copy, async () => {
      const { status, noteCodes } = await pipeline.json(contract.lag, ['lag']);
      expect(status).toBe('WARNING');
      expect(noteCodes).toContain('OFFSETS_AHEAD_OF_STORE');
    });

    const taking = await pipeline.run([...TAKE_OVER, ...restored, '--yes', '-o', 'json']);
    expect(taking.stderr).toContain('2 records further than this store, which lacks');
    const taken = contract.takenOver.parse(taking.json());
    const partition = await partitionOfRequests();
    expect(taken).toMatchObject({ dryRun: false, previousStore: null });
    expect(taken.partitions[partition]).toEqual({
      partition,
      committedOffset: '7',
      newOffset: '5',
    });
    expect(await pipeline.json(contract.consumed, [...DRAIN, ...restored])).toMatchObject({
      outcomes: { ISSUED: 2 },
    });
    const audit = await pipeline.json(contract.audit, ['audit', ...restored]);
    expect(audit.verdict).toBe('PASS');
  });

  it('is taken over on purpose, by a store that then reads what it has not read', async () => {
    await pipeline.json(contract.campaign, [
      ...['campaigns', 'create', '1', '--stock', '7', ...otherStore],
    ]);
    expect(await pipeline.failure([...TAKE_OVER, ...otherStore])).toMatchObject({
      exitCode: 2,
      code: 'USAGE',
    });
    const dry = [...TAKE_OVER, ...otherStore, '--dry-run'];
    const planned = await pipeline.json(contract.takenOver, dry);
    expect(planned.previousStore?.path).toBe(join(pipeline.dataDir, 'coupons.db'));
    expect(await pipeline.failure([...DRAIN, ...otherStore])).toMatchObject({
      code: 'STORE_NOT_OF_GROUP',
    });
    const taken = await pipeline.json(contract.takenOver, [...TAKE_OVER, ...otherStore, '--yes']);
    expect(taken).toEqual({ ...planned, dryRun: false });
    await pipeline.json(contract.consumed, [...DRAIN, ...otherStore]);
    expect(await issued(otherStore)).toEqual([1, 2, 3, 4, 5]);
    // The old one is refused from now on.
    expect(await pipeline.failure(DRAIN)).toMatchObject({ code: 'STORE_NOT_OF_GROUP' });
  });

  it('is not changed while it has members, who are named', async () => {
    const running = pipeline.start(['consume', '--progress', 'json']);
    await eventually(async () => {
      const lag = await pipeline.json(contract.lag, ['lag']);
      expect(lag).toMatchObject({ state: 'Stable', members: 3 });
    });
    for (const command of [RESET, TAKE_OVER]) {
      const failure = await pipeline.failure([...command, '--yes']);
      expect(failure).toMatchObject({ exitCode: 1, code: 'GROUP_HAS_MEMBERS' });
      expect(failure.message).toContain('coupons-single-1 on ');
    }
    running.kill();
    expect(await running.exit).toMatchObject({ code: 0 });
    const reset = await pipeline.json(contract.offsetsReset, [...RESET, '--yes']);
    expect(reset.partitions).toHaveLength(1);
    const lag = await pipeline.json(contract.lag, ['lag']);
    expect(lag.partitions.map(({ committedOffset }) => committedOffset)).toEqual(['0', '0', '0']);
    expect(await pipeline.drain()).toMatchObject({ records: 5, repeated: 5 });
  });

  it('starts at the start of the log where another program has committed for it', async () => {
    await pipeline.reset();
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '7']);
    await pipeline.send([1, 2, 3].map((userId) => request(1, userId)));
    const partition = await partitionOfRequests();
    await pipeline.admin.setOffsets({
      groupId: CONSUMER_GROUP,
      topic: REQUEST_TOPIC,
      partitions: [{ partition, offset: '2' }],
    });
    await pipeline.drain();
    expect(await issued()).toEqual([1, 2, 3]);
  });

  it('that reads the topic for the first time says how much that is', async () => {
    await pipeline.reset();
    await pipeline.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '7']);
    await pipeline.send([1, 2, 3].map((userId) => request(1, userId)));
    const run = await pipeline.run(DRAIN);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toContain(
      'Group coupon-issue-group has not read coupon-issue-requests yet: it reads 3 records',
    );
    expect((await pipeline.run(DRAIN)).stderr).not.toContain('has not read');
  });

  it('whose name is likely a mistake is asked about on a terminal, and announced elsewhere', async () => {
    const args = [...DRAIN, '--group', 'coupon-isue-group'];
    const announced = /has not read the topic yet, but coupon-issue-group has, into this store/;
    const env = { COUPONS_BROKERS: pipeline.brokers, COUPONS_DATA_DIR: pipeline.dataDir };
    const terminal = couponsOn(args, { env, columns: 200 });
    await terminal.waitFor(/Go on with group coupon-isue-group\? \[y\/N\]/);
    expect(terminal.screen.join('\n')).toMatch(announced);
    terminal.type(`n${keys.enter}`);
    expect(await terminal.exit()).toBe(1);
    expect(await pipeline.groups()).not.toContain('coupon-isue-group');

    const script = await pipeline.run(args);
    expect(script).toMatchObject({ code: 0 });
    expect(script.stderr).toMatch(announced);
    expect((await pipeline.run(args)).stderr).not.toMatch(announced);
  });

  describe('in a context', () => {
    const home = temporaryDir();
    const env = { XDG_CONFIG_HOME: home };
    const inContext = ['--context', 'here'];

    beforeEach(async () => {
      const set = ['context', 'set', 'here', '--brokers', pipeline.brokers];
      expect((await pipeline.run(set, { env })).code).toBe(0);
    });

    it('has the store of the context, and is told of the one that contexts shared before', async () => {
      const own = join(pipeline.dataDir, 'coupons-here.db');
      const shared = join(pipeline.dataDir, 'coupons.db');
      const reading = await pipeline.failure(['issued', 'list', ...inContext], { env });
      expect(reading).toMatchObject({ exitCode: 4, code: 'STORE_NOT_FOUND' });
      expect(reading.message).toContain(own);
      expect(reading.hint).toContain(`coupons context set here --store ${shared}`);

      // Its offsets as version 0.1 left them: they name no store.
      const offsets = (await pipeline.admin.fetchOffsets({ groupId: CONSUMER_GROUP }))[0];
      const partitions = offsets?.partitions.filter(({ offset }) => offset !== '-1') ?? [];
      const bare = partitions.map(({ partition, offset }) => ({ partition, offset }));
      await pipeline.admin.setOffsets({
        groupId: CONSUMER_GROUP,
        topic: REQUEST_TOPIC,
        partitions: bare,
      });
      const consuming = await pipeline.failure([...DRAIN, ...inContext], { env });
      expect(consuming).toMatchObject({ exitCode: 1, code: 'STORE_NOT_OF_GROUP' });
      expect(consuming.hint).toContain(`coupons context set here --store ${shared}`);

      const keep = ['context', 'set', 'here', '--store', shared];
      expect((await pipeline.run(keep, { env })).code).toBe(0);
      const list = await pipeline.json(contract.issuedList, ['issued', 'list', ...inContext], {
        env,
      });
      expect(list.total).toBe(5);
      expect((await pipeline.run([...DRAIN, ...inContext], { env })).code).toBe(0);
      const forget = ['context', 'set', 'here', '--unset', 'store'];
      expect((await pipeline.run(forget, { env })).code).toBe(0);
    });
  });
});
