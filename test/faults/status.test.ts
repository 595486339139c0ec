/** A broker that hangs: status does not hang with it, and calls nothing well that it could not look at. */
import { beforeAll, expect, it } from 'vitest';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { usePipeline } from '../support/pipeline.js';

const pipeline = usePipeline({ broker: 'own', env: { COUPONS_OUTPUT: 'json' } });

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 100');
});

it('a single look shows the store, says what was not read, and exits with 4', async () => {
  pipeline.broker.signal('SIGSTOP');
  const result = await pipeline.run(['status']);
  pipeline.broker.signal('SIGCONT');
  const report = contract.status.parse(result.json());
  expect([result.code, report.verdict]).toEqual([4, 'UNKNOWN']);
  expect([report.cluster, report.topics, report.group]).toEqual([null, null, null]);
  expect(report.campaigns?.mostActive[0]).toMatchObject({ couponId: 1, left: 100 });
  const { code = '', message = '' } = report.findings[0] ?? {};
  expect(code).toBe('NOT_READ');
  expect(message).toMatch(/^Not read: cluster, topics, group, store, dead letters\. /);
});

it('a watch goes on: nothing of Kafka is known while the broker hangs, and all of it afterwards', async () => {
  const watch = pipeline.start(['status', '--watch', '--interval', '0.2']);
  const latest = () => {
    const line = watch.stdout.trimEnd().split('\n').at(-1) ?? '';
    return line.endsWith('}') ? contract.status.parse(JSON.parse(line)) : null;
  };
  const becomes = (isKnown: boolean) =>
    eventually(() => latest() !== null && (latest()?.group !== null) === isKnown);
  await becomes(true);
  pipeline.broker.signal('SIGSTOP');
  await becomes(false);
  expect(latest()?.verdict).toBe('UNKNOWN');
  pipeline.broker.signal('SIGCONT');
  await becomes(true);
  watch.kill('SIGINT');
  expect(await watch.exit).toEqual({ code: 0, signal: null });
});
