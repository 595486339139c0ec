/** The screen of status: 24 lines of 80 columns, whatever is wrong. */
import { Chalk } from 'chalk';
import { beforeEach, expect, it } from 'vitest';
import { drawFitted } from '../../../src/cli/status/draw.js';
import type { CommandPlace } from '../../../src/cli/status/place.js';
import type { StatusFinding } from '../../../src/status/finding.js';
import type { StatusReport } from '../../../src/status/status.js';
import { displayWidth } from '../../../src/output/width.js';
import { TERMS } from '../../contract/store/log.js';
import { ACTOR, StatusWorld } from '../status/status-world.js';

const PLACE: CommandPlace = {
  group: 'coupon-issue-group',
  host: 'issuer-1',
  context: 'prod',
  pasted: (command) => `${command} --context prod`,
};
const plain = { paint: new Chalk({ level: 0 }), columns: 80 };
const ROWS = 24;

const draw = (report: StatusReport, view = plain, rows = ROWS) =>
  drawFitted(report, PLACE, view, rows);

let world: StatusWorld;
beforeEach(async () => {
  world = await StatusWorld.start();
});

function fits(text: string): void {
  const lines = text.split('\n');
  expect(lines.length).toBeLessThan(ROWS);
  expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
}

it('says in its first line that all is well, and fits 80x24 with 200 campaigns', async () => {
  for (let coupon = 2; coupon <= 200; coupon += 1) {
    await world.store.createCampaign(coupon, { ...TERMS, name: '가을 할인 '.repeat(5) });
  }
  const text = draw(await world.look());
  expect(text).toMatch(/^OK {8}Everything was read, and nothing needs a look\.\n/);
  expect(text).toMatch(/^members +issuer-1 pid 4711 {2}3 members {2}batch {2}partitions 0-2$/m);
  expect(text).toMatch(/^audit +none was recorded$/m);
  expect(text).toMatch(/^and 19\d more: `coupons campaigns list`$/m);
  fits(text);
});

it('shows the hour of a campaign that is sold out within 80 columns, with its day where that is past', async () => {
  await world.store.createCampaign(2, {
    ...TERMS,
    name: 'Free Shipping',
    totalQuantity: 1_000_000,
  });
  await world.store.updateCampaign(1, { totalQuantity: 10 });
  const today = draw(await world.look());
  expect(today).toMatch(/^ +1 +spring +0 +10 +0 {2}sold out at \d\d:\d\d:\d\d$/m);
  fits(today);
  await world.pass(24 * 3_600_000);
  const later = draw(await world.look());
  expect(later).toMatch(/^ +1 +spring +0 +10 +0 {2}sold out at \d\d-\d\d \d\d:\d\d$/m);
  fits(later);
  const report = await world.look();
  const nextYear = draw({ ...report, atMs: report.atMs + 366 * 24 * 3_600_000 });
  expect(nextYear).toMatch(/^ +1 +spring +0 +10 +0 {2}sold out at \d{4}-\d\d-\d\d \d\d:\d\d$/m);
  fits(nextYear);
});

it('does not leave it at what the metadata says is in sync where a broker with replicas does not answer', async () => {
  expect(draw(await world.look())).not.toContain('do not answer');
  world.replaceAdmin({ probeBroker: () => new Promise<never>(() => undefined) });
  const text = draw(await world.look());
  expect(text).toMatch(/^ +replicas on brokers that do not answer: 1$/m);
  fits(text);
});

it('has the worst finding whole, with one command, and others in a line each', async () => {
  world.failLetters(2);
  world.ask(1);
  world.leaveMembers();
  const text = draw(await world.look());
  expect(text.split('\n').slice(0, 4)).toEqual([
    'CRITICAL  Group coupon-issue-group has no member, and 1 record is not yet',
    '          consumed.',
    '          $ coupons consume --concurrency 3 --context prod',
    'caution   2 dead letters came in the last 10 minutes.',
  ]);
});

it('fits with many findings, and says how many more there are', async () => {
  const report = await world.look();
  const other: StatusFinding = {
    code: 'TOPIC_MISSING',
    severity: 'caution',
    topic: 'x'.repeat(60),
    profile: null,
  };
  const text = draw({ ...report, findings: Array.from({ length: 9 }, () => other) });
  expect(text).toContain('and 5 findings more: -o json');
  fits(text);
});

it('shows "-" and the code of what was never read, and dims what is older than this look', async () => {
  const readings = world.readings();
  await world.look(readings);
  world.access.store = null;
  await world.pass(20_000);
  const old = draw(await world.look(readings), { ...plain, paint: new Chalk({ level: 1 }) });
  expect(old).toContain('\u001b[2mfigures of 12:10:00\u001b[22m');
  const never = draw(await world.look());
  expect(never).toMatch(/^campaigns +- {2}STORE_NOT_FOUND$/m);
  expect(never).not.toContain('figures of');
});

it('is not steered by what others call their hosts and reasons', async () => {
  const evil = 'evil\u001b[31m\u0007';
  const run = { run: 'one', group: PLACE.group, records: 1, errorCode: null };
  await world.store.recordEvents([
    { kind: 'CONSUMER_STOPPED', ...run, atMs: world.clock.now(), actor: { ...ACTOR, host: evil } },
  ]);
  const text = draw(await world.look());
  expect(text).toContain('evil');
  for (const steering of ['\u001b', '\u0007']) expect(text).not.toContain(steering);
});
