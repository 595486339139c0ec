import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { couponsOn, keys } from '../support/command-line/terminal.js';
import { outcomesIn, summaryOf, usePipeline } from '../support/pipeline.js';

const REQUESTS = 600;

interface Produced {
  readonly acknowledged: number;
  readonly failed: number;
}

const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 100');
});

it('after kill -9 of the broker the consumer goes on by itself, and nothing acknowledged is lost', async () => {
  const consumer = pipeline.start(['consume', '--until-drained', '--progress', 'none']);
  const rate = ['--rate', '300'];
  const producer = pipeline.start([
    'produce',
    '--coupon',
    '1',
    '--count',
    String(REQUESTS),
    ...rate,
  ]);
  const db = pipeline.database();
  await eventually(() => outcomesIn(db) > 50);
  await pipeline.broker.kill();
  await pipeline.broker.start();

  expect(await producer.exit).toMatchObject({ code: 0 });
  const produced = JSON.parse(producer.stdout) as Produced;
  expect(produced).toMatchObject({ acknowledged: REQUESTS, failed: 0 });
  expect(await consumer.exit).toMatchObject({ code: 0 });
  expect(summaryOf(consumer).records).toBeGreaterThan(50);

  await pipeline.drain();
  const audit = await pipeline.audit();
  expect(audit).toMatchObject({ verdict: 'PASS', unprocessed: 0, outcomes: { ISSUED: 100 } });
  expect(audit.records).toBe(REQUESTS);
  expect(outcomesIn(db)).toBe(audit.records);
  db.close();
});

it('consume says that the broker is away and that it is back, and its lag is null in between', async () => {
  const consumer = pipeline.start(['consume', '--progress', 'json']);
  await consumer.waitFor(/"lag":0\}/);
  await pipeline.broker.kill();
  await consumer.waitFor(/"lag":null\}/);
  await eventually(() => /^warning: the broker does not work/m.test(consumer.stderr));
  const before = consumer.stdout.length;
  await pipeline.broker.start();
  await eventually(() => /^the broker works again, after (\d+ min )?\d+ s$/m.test(consumer.stderr));
  await eventually(() => consumer.stdout.slice(before).includes('"lag":0}'));
  consumer.kill('SIGTERM');
  expect(await consumer.exit).toEqual({ code: 0, signal: null });
  // An outage of some seconds is one warning, and no figure is anything but a number.
  expect(consumer.stderr.match(/^warning:/gm)).toHaveLength(1);
  expect(consumer.stdout).not.toMatch(/"perSecond":null/);
});

it('who waits for a lag of 0, or watches it, is told that the broker went away, and goes on', async () => {
  await pipeline.succeed('produce --coupon 1 --count 50 --first-user 10000');
  const env = { COUPONS_BROKERS: pipeline.brokers, COUPONS_DATA_DIR: pipeline.dataDir };
  const watch = ['lag', '--watch', '--interval', '0.2'];
  const onlookers = [watch, ['lag', '--wait', '--timeout', '120']].map((args) =>
    couponsOn(args, { env }),
  );
  await Promise.all(onlookers.map((onlooker) => onlooker.waitFor(/STOPPED|no such group/)));
  await pipeline.broker.kill();
  await Promise.all(onlookers.map((onlooker) => onlooker.waitFor(/retrying/i)));
  await pipeline.broker.start();
  await pipeline.drain();
  const [watching, waiting] = onlookers;
  await watching?.waitFor(/lag 0 {2}OK/);
  watching?.type(keys.ctrlC);
  expect([await watching?.exit(), await waiting?.exit()]).toEqual([0, 0]);
});

it('dlq peek --follow waits for a broker that was killed, and shows each letter once', async () => {
  const following = pipeline.start(['dlq', 'peek', '--follow']);
  await eventually(() => following.stderr.includes('Following'));
  const fail = async (letters: number) => {
    await pipeline.succeed(`produce --coupon 1 --count ${letters} --poison 100`);
    await pipeline.drain();
  };
  await fail(2);
  await pipeline.broker.kill();
  await eventually(() => following.stderr.includes('. Retrying.'));
  await pipeline.broker.start();
  await fail(3);

  await following.waitFor(/(?:\n.*){5}/);
  following.kill('SIGINT');
  expect(await following.exit).toMatchObject({ code: 0 });
  const shown = following.stdout.trimEnd().split('\n');
  const offsets = shown.map((line) => (JSON.parse(line) as { readonly offset: string }).offset);
  const { messages } = await pipeline.deadLetters();
  expect(offsets).toEqual(messages.map(({ offset }) => offset));
});
