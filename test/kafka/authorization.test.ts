import kafkajs, { type Admin } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REQUEST_TOPIC } from '../../src/coupon/topics.js';
import { coupons } from '../support/command-line/cli.js';
import { kafkaAt } from '../support/broker/kafkajs-client.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { startSecuredKafka, type SecuredKafka } from './secured-kafka.js';

let kafka: SecuredKafka;
let admin: Admin;
const dir = temporaryDir();

beforeAll(async () => {
  kafka = await startSecuredKafka();
  admin = kafkaAt([kafka.plain]).admin();
  await admin.connect();
});

afterAll(async () => {
  await admin.disconnect();
  await kafka.stop();
});

const guest = (args: string) =>
  coupons([...args.split(' '), '--brokers', kafka.sasl, '-o', 'json'], {
    env: {
      COUPONS_DATA_DIR: dir,
      COUPONS_SASL_MECHANISM: 'plain',
      COUPONS_SASL_USERNAME: kafka.restricted.username,
      COUPONS_SASL_PASSWORD: kafka.restricted.password,
    },
  });

const asOps = (args: string) =>
  coupons([...args.split(' '), '--brokers', kafka.plain], { env: { COUPONS_DATA_DIR: dir } });

type Operation = 'CREATE' | 'DESCRIBE' | 'DESCRIBE_CONFIGS' | 'READ';

const allow = (topic: string, operations: readonly Operation[]) =>
  admin.createAcls({
    acl: operations.map((operation) => ({
      resourceType: kafkajs.AclResourceTypes.TOPIC,
      resourceName: topic,
      resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
      principal: `User:${kafka.restricted.username}`,
      host: '*',
      operation: kafkajs.AclOperationTypes[operation],
      permissionType: kafkajs.AclPermissionTypes.ALLOW,
    })),
  });

async function refused(args: string, code: string, message: RegExp): Promise<void> {
  const run = await guest(args);
  expect(run.json()).toMatchObject({
    error: {
      code,
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('ACL') as string,
    },
  });
  expect(run.code).toBe(1);
}

describe('who may create one topic of the three', () => {
  test('is told which other one is refused, and none is created', async () => {
    await allow('order-created-events', ['CREATE', 'DESCRIBE']);
    const refusal = /^Topic coupon-issue-dlq can't be created: .* No topic is created\.$/;
    await refused('topics create', 'TOPIC_AUTHORIZATION_FAILED', refusal);
    expect(await admin.listTopics()).toEqual([]);
  });

  test('sees the refusal in the plan, too', async () => {
    const planned = await guest('topics create --dry-run');
    expect(planned.json()).toMatchObject({ refusal: { code: 'TOPIC_AUTHORIZATION_FAILED' } });
    expect(planned.code).toBe(0);
  });
});

describe('who may not see a topic', () => {
  test('is not told that it does not exist', async () => {
    await asOps('topics create');
    await refused(`topics describe ${REQUEST_TOPIC}`, 'TOPIC_AUTHORIZATION_FAILED', /describing/);
  });
});

describe('who may read all topics, but neither their configuration nor the group', () => {
  beforeAll(() => allow('*', ['READ', 'DESCRIBE']));

  test.each(['topics list', `topics describe ${REQUEST_TOPIC}`])(
    '%s shows all but the configuration',
    async (command) => {
      const { topics } = (await guest(command)).json<{ readonly topics: readonly unknown[] }>();
      expect(topics).toContainEqual(
        expect.objectContaining({ name: REQUEST_TOPIC, config: null, replicationFactor: 1 }),
      );
    },
  );

  test('is told what a comparison with the profile needs', () =>
    refused('topics create', 'TOPIC_AUTHORIZATION_FAILED', /may not read the configuration of/));

  test.each(['lag', 'lag --watch', 'topics alter order-created-events --partitions 4 --yes'])(
    '%s names the group',
    (command) => refused(command, 'GROUP_AUTHORIZATION_FAILED', /group coupon-issue-group/),
  );

  test('can neither produce nor purge', async () => {
    await asOps('produce --coupon 1 --count 2');
    await refused('produce --coupon 1', 'CLUSTER_AUTHORIZATION_FAILED', /asking to write to/);
    await asOps('consume --until-drained');
    await asOps('produce --coupon 1 --count 2 --poison 100');
    await asOps('consume --until-drained');
    await refused('dlq purge --before 1 --yes', 'TOPIC_AUTHORIZATION_FAILED', /deleting records/);
  });

  test('a consumer that may not read in the group stops at once', async () => {
    await allow('*', ['DESCRIBE_CONFIGS']);
    await refused('consume', 'GROUP_AUTHORIZATION_FAILED', /group coupon-issue-group/);
  });
});
