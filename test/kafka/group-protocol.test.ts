/** Groups of the protocol that Kafka 4 brought (KIP-848), by Java's own consumer. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lag as lagReport } from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { kafkaConsumerGroups } from '../support/broker/kafka-consumer-groups.js';
import { Operator } from '../support/command-line/operator.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { startKafka, type RunningKafka } from './running-kafka.js';

const GROUP = 'newer-protocol';
const tool = fileURLToPath(new URL('../../scripts/kafka/tool.js', import.meta.url));

let kafka: RunningKafka;
let operator: Operator;

beforeAll(async () => {
  kafka = await startKafka();
  const env = { COUPONS_BROKERS: kafka.announced, COUPONS_DATA_DIR: temporaryDir() };
  operator = new Operator(() => env);
  await operator.run(['topics', 'create']);
});

afterAll(() => kafka.stop());

const lag = () => operator.json(lagReport, ['lag', '--group', GROUP]);

function startJavaConsumer(): ChildProcess {
  const args = ['--bootstrap-server', kafka.announced, '--group', GROUP, '--from-beginning'];
  const protocol = ['--consumer-property', 'group.protocol=consumer'];
  const topic = ['--topic', 'coupon-issue-requests'];
  return spawn(process.execPath, [tool, 'kafka-console-consumer', ...args, ...protocol, ...topic], {
    stdio: 'ignore',
  });
}

test('a group of the newer protocol has its state, members and lag', async () => {
  await operator.run(['produce', '--coupon', '1', '--count', '40']);
  const consumer = startJavaConsumer();
  try {
    const joined = await eventually(async () => {
      const report = await lag();
      expect(report).toMatchObject({ state: 'Stable', members: 1, totalLag: 0, status: 'OK' });
      expect(report.presence).toBe('present');
      return report;
    });
    expect(joined.partitions.map(({ clientId, host }) => ({ clientId, host }))).toEqual(
      joined.partitions.map(() => ({ clientId: 'console-consumer', host: '127.0.0.1' })),
    );
  } finally {
    const exit = once(consumer, 'exit');
    consumer.kill('SIGINT');
    await exit;
  }

  await operator.run(['produce', '--coupon', '1', '--count', '7']);
  const left = await lag();
  expect(left).toMatchObject({ state: 'Empty', members: 0, totalLag: 7, status: 'STOPPED' });
  const theirs = await kafkaConsumerGroups(kafka.announced, GROUP);
  expect(
    left.partitions.map(({ partition, committedOffset, endOffset, lag: behind }) => ({
      partition,
      committedOffset,
      endOffset,
      lag: behind,
    })),
  ).toEqual(theirs);
});

test('a group that nobody made is told from one of the newer protocol', async () => {
  const report = await operator.json(lagReport, ['lag', '--group', 'nobody-made-this']);
  expect(report).toMatchObject({ state: 'Dead', presence: 'unknown', members: 0 });
});
