import { randomUUID } from 'node:crypto';
import { Partitioners } from 'kafkajs';
import { beforeEach, describe, expect, it } from 'vitest';
import { ORDER_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import {
  kafkaConsumerGroups,
  type DescribedPartition,
} from '../../support/broker/kafka-consumer-groups.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

describe('lag for somebody on call', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  const lag = (...args: readonly string[]) => pipeline.json(contract.lag, ['lag', ...args]);
  /** Twelve campaigns reach every partition. */
  const requests = (records: number) =>
    Array.from({ length: records }, (_unused, index) => request(1 + (index % 12), index + 1));
  const drain = () => pipeline.drain();
  const lines = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => contract.lagLine.parse(JSON.parse(line)));

  const asKafkajsSees = async (groupId: string): Promise<readonly DescribedPartition[]> => {
    const ends = await pipeline.admin.fetchTopicOffsets(REQUEST_TOPIC);
    const [found] = await pipeline.admin.fetchOffsets({ groupId, topics: [REQUEST_TOPIC] });
    return (found?.partitions ?? [])
      .map(({ partition, offset }) => {
        const end = ends.find((each) => each.partition === partition)?.high ?? '';
        const committed = offset === '-1' ? null : offset;
        const behind = committed === null ? null : Number(end) - Number(committed);
        return { partition, committedOffset: committed, endOffset: end, lag: behind };
      })
      .sort((a, b) => a.partition - b.partition);
  };

  /** Of one record, which nobody can read until the transaction ends. */
  const openTransaction = async () => {
    const producer = pipeline.kafka.producer({
      transactionalId: randomUUID(),
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: REQUEST_TOPIC, messages: requests(1) });
    return {
      abort: async () => {
        await transaction.abort();
        await producer.disconnect();
      },
    };
  };

  it('agrees with kafka-consumer-groups on every partition', async () => {
    await pipeline.send(requests(90));
    await drain();
    // The embedded broker has no transactions.
    const open = pipeline.kind === 'kafka' ? await openTransaction() : null;
    await pipeline.send(requests(35));
    const report = await lag();
    const ours = report.partitions.map(
      ({ partition, committedOffset, endOffset, lag: behind }) => ({
        partition,
        committedOffset,
        endOffset,
        lag: committedOffset === null ? null : behind,
      }),
    );
    expect(report.totalLag).toBe(open === null ? 35 : 36);
    // Kafka's tools need a Kafka: they refuse the embedded broker's older versions of the protocol.
    const theirs =
      pipeline.kind === 'kafka'
        ? await kafkaConsumerGroups(pipeline.brokers, report.group)
        : await asKafkajsSees(report.group);
    expect(ours).toEqual(theirs);
    await open?.abort();
  });

  it('watches with an object a line until ctrl-C, and ends with exit code 0', async () => {
    await pipeline.send(requests(30));
    const watch = pipeline.start(['lag', '--watch', '--interval', '0.2', '--output', 'json']);
    await watch.waitFor(/"totalLag":30.*\n.*"totalLag":30/);
    await drain();
    await watch.waitFor(/"totalLag":0/);
    watch.kill('SIGINT');
    expect(await watch.exit).toEqual({ code: 0, signal: null });

    const reports = lines(watch.stdout);
    expect(reports[0]).toMatchObject({ trend: null, inPerSecond: null });
    expect(reports[1]).toMatchObject({ trend: 'steady', inPerSecond: 0, outPerSecond: 0 });
    expect(reports.at(-1)).toMatchObject({ totalLag: 0, status: 'OK' });
  });

  it('watches with a line a look where stdout is no terminal', async () => {
    await pipeline.send(requests(30));
    const watch = pipeline.start(['lag', '--watch', '--interval', '0.2']);
    await watch.waitFor(/ {2}lag 30 {2}STOPPED {2}in 0\.0\/s {2}out 0\.0\/s {2}steady\n/);
    watch.kill('SIGTERM');
    expect(await watch.exit).toEqual({ code: 0, signal: null });
    expect(watch.stdout).not.toContain('\u001b');
  });

  it('sees the partitions that come while it watches', async () => {
    const watch = pipeline.start(['lag', '--watch', '--interval', '0.2', '--output', 'json']);
    await watch.waitFor(/\n/);
    await pipeline.admin.createPartitions({
      topicPartitions: [{ topic: REQUEST_TOPIC, count: 5 }],
    });
    await eventually(() => lines(watch.stdout).at(-1)?.partitions.length === 5);
    watch.kill('SIGINT');
    await watch.exit;
  });

  it('ends a watch with exit code 3 as soon as the lag is above the limit', async () => {
    const watch = pipeline.start([
      ...['lag', '--watch', '--interval', '0.2', '--fail-above', '10', '--output', 'json'],
    ]);
    await watch.waitFor(/"totalLag":0/);
    await pipeline.send(requests(11));
    expect((await watch.exit).code).toBe(3);
    expect(lines(watch.stdout).at(-1)?.totalLag).toBe(11);
  });

  it('waits until everything is read', async () => {
    await pipeline.send(requests(20));
    for (const watching of [[], ['--watch', '--interval', '0.2']]) {
      await pipeline.send(requests(10));
      const waiting = pipeline.run([
        ...['lag', '--wait', '--timeout', '60', '--output', 'json', ...watching],
      ]);
      await drain();
      const { code, stdout } = await waiting;
      expect(code).toBe(0);
      expect(stdout).toMatch(/"totalLag":0,.*\n$/);
    }
  });

  it('does not wait for a lag that is above the limit already', async () => {
    await pipeline.send(requests(20));
    const { code, stdout, stderr } = await pipeline.run([
      ...['lag', '--wait', '--fail-above', '19', '--timeout', '60'],
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain('20 records not yet consumed');
    expect(stderr).not.toContain('--timeout');
  });

  it('gives up waiting at the timeout with exit code 3, and says what is left', async () => {
    await pipeline.send(requests(20));
    const { code, stdout, stderr } = await pipeline.run(['lag', '--wait', '--timeout', '1']);
    expect(code).toBe(3);
    expect(stdout).toContain('20 records not yet consumed');
    expect(stderr).toContain('Not drained within 1 s (--timeout): 20 still to read.');
  });

  it('gives up watching at the timeout, however far the next look is', async () => {
    await pipeline.send(requests(20));
    const { code, stderr } = await pipeline.run([
      ...['lag', '--watch', '--wait', '--interval', '3600', '--timeout', '1'],
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain('Not drained within 1 s (--timeout): 20 still to read.');
  });

  it('tells that a topic of the group was deleted, and goes on with the others', async () => {
    await pipeline.send(requests(20));
    const member = pipeline.kafka.consumer({ groupId: 'coupon-of-two-topics' });
    await member.connect();
    await member.subscribe({ topics: [REQUEST_TOPIC, ORDER_TOPIC] });
    const started = new Promise((resolve) => member.on(member.events.GROUP_JOIN, resolve));
    await member.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
    await started;
    const ofTwo = ['--group', 'coupon-of-two-topics'];
    const watch = pipeline.start([
      ...['lag', '--watch', '--interval', '0.2', '-o', 'json'],
      ...ofTwo,
    ]);
    await watch.waitFor(/"missingTopics":\[\]/);
    await pipeline.admin.deleteTopics({ topics: [ORDER_TOPIC] });
    await watch.waitFor(/"missingTopics":\["order-created-events"\]/);
    watch.kill('SIGINT');
    await watch.exit;
    expect(watch.stderr).toBe('');
    expect(lines(watch.stdout).at(-1)).toMatchObject({ totalLag: 20, state: 'Stable' });
    const { stdout } = await pipeline.run(['lag', ...ofTwo]);
    expect(stdout).toContain(
      'note: The group reads topic order-created-events, but it does not exist',
    );
    await member.disconnect();
  });

  it('does not call a group of that name lagging that never was', async () => {
    await pipeline.send(requests(500));
    const report = await lag('--group', 'coupon-typo');
    expect(report).toMatchObject({ presence: 'unknown', hotPartition: null });
    const { stdout } = await pipeline.run(['lag', '--group', 'coupon-typo']);
    expect(stdout).toContain('coupon-typo  no such group  500 records not yet consumed');
    expect(stdout).toContain('Group coupon-typo does not exist');
  });

  it('names the hot partition and the idle members, within 80 columns', async () => {
    await pipeline.send(Array.from({ length: 300 }, (_unused, user) => request(1, user + 1)));
    const running = pipeline.start([
      ...['consume', '--concurrency', '4', '--mode', 'scheduler', '--output', 'json'],
    ]);
    const report = await eventually(async () => {
      const seen = await lag('--warn-above', '50');
      return seen.idleMembers.length === 1 && seen.totalLag > 0 && seen;
    });
    expect(report.hotPartition).toMatchObject({ share: 1, lag: report.totalLag });
    expect(report.members).toBe(4);
    expect(report.notes.join('\n')).toMatch(/1 of 4 members is idle, .*coupons-scheduler-\d/);

    const { stdout } = await pipeline.run(['lag']);
    // A pipe gets client ids whole; how long a process id is depends on the machine.
    const table = stdout
      .split('\n')
      .filter((line) => !line.startsWith('note:'))
      .map((line) => line.replace(/, pid \d+/, ''));
    expect(table.filter(({ length }) => length > 80)).toEqual([]);
    running.kill('SIGTERM');
    await running.exit;
  });
});
