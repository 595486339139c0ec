/** The group's coordinator is away, and every other broker answers. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startEmbeddedBroker, type EmbeddedBroker } from '../support/broker/embedded-broker.js';
import * as contract from '../support/json-contract/contract.js';
import type { RunningCoupons } from '../support/command-line/cli.js';
import { Operator } from '../support/command-line/operator.js';
import { eventually } from '../support/eventually.js';
import { temporaryDir } from '../support/temporary-dir.js';

let broker: EmbeddedBroker;
const dataDir = temporaryDir();
const operator = new Operator(() => ({
  COUPONS_BROKERS: broker.address,
  COUPONS_DATA_DIR: dataDir,
}));
let consumer: RunningCoupons | undefined;

beforeAll(async () => {
  broker = await startEmbeddedBroker();
  await succeed('topics create');
  await succeed('campaigns create 1 --stock 10');
});
afterEach(() => {
  broker.faults.clear();
});
afterAll(async () => {
  consumer?.kill('SIGKILL');
  await consumer?.exit;
  await broker.stop();
});

async function succeed(command: string): Promise<void> {
  expect(await operator.run(command.split(' ')), command).toMatchObject({ code: 0 });
}

/** What a coordinator is asked for; all else is answered. */
function takeCoordinatorAway(): void {
  const error = 'COORDINATOR_NOT_AVAILABLE';
  for (const api of ['FindCoordinator', 'JoinGroup', 'Heartbeat', 'OffsetFetch'] as const) {
    broker.faults.add({ api, error });
  }
}

interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

async function readyz({ stderr }: RunningCoupons): Promise<Readiness> {
  const [url = ''] = /http:[^ ]+(?=\/metrics)/.exec(stderr) ?? [];
  const answer = await fetch(`${url}/readyz`);
  return (await answer.json()) as Readiness;
}

it('a consumer whose group coordinator alone is away says so everywhere, and when it is back', async () => {
  const running = operator.start(['consume', '--progress', 'json', '--metrics-port', '0']);
  consumer = running;
  await eventually(async () => running.stderr.includes('Metrics') && (await readyz(running)).ready);

  takeCoordinatorAway();
  const away = 'the group coordinator does not work';
  await eventually(() => running.stderr.includes(`warning: ${away}`));
  await eventually(async () => (await readyz(running)).reasons.includes(away));
  await eventually(() => running.stdout.includes('"outages":["the group coordinator"]'));
  expect(running.stderr).not.toContain('the broker does not work');

  broker.faults.clear();
  await eventually(() =>
    /^the group coordinator works again, after (\d+ min )?\d+ s$/m.test(running.stderr),
  );
  await eventually(async () => (await readyz(running)).ready);
  await succeed('produce --coupon 1 --count 10');
  await eventually(() => running.stdout.includes('"ISSUED":10'));
  const { events } = await operator.json(contract.history, ['history']);
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'OUTAGE', of: 'broker', what: 'the group coordinator' }),
  );
});
