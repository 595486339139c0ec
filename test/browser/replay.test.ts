import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scriptedLetters } from '../support/console/letters.js';
import { useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const browser = useBrowser();

/** More can be sent than the scripted console sends a tick. */
const MANY = { letters: scriptedLetters(72) };

test('a replay with the keyboard alone: filter, plan, confirm, progress and result', async () => {
  const { url, console } = await ServedFake.start(MANY);
  const page = await browser.open(url);
  await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await tabTo(page, /^PROCESSING_FAILED \d/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Plan a replay of these/);
  await page.keyboard.press('Enter');
  await page.getByText('12 of 29 dead letters can be sent again.').waitFor();
  await tabTo(page, /^Send 12 requests…/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Send 12 requests again?' });
  await dialog.waitFor();
  await dialog.getByText('To topic coupon-issue-requests: 12').waitFor();
  await dialog.getByText(/^Cluster \S+ at \S+( \(context .*\))?$/).waitFor();
  expect(console.known.replay?.phase).toBe('planned');
  await tabTo(page, /^Send 12 requests$/);
  await page.keyboard.press('Enter');
  await page.getByRole('progressbar', { name: 'Progress of the replay' }).waitFor();
  console.tick();
  await page.getByText('Sending: 10 of 12 requests.').waitFor();
  console.tick();
  await page.getByText('The group has not decided 12 of them yet.').waitFor();
  console.tick();
  await page.getByText('12 requests sent and decided.').waitFor();
  await tabTo(page, /^Dismiss/);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByText('12 requests sent and decided.').count()).toBe(0);
});

test('a plan says what is skipped and why, and nothing is sent when it is discarded', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  await page.getByRole('button', { name: 'Plan a replay', exact: true }).click();
  await page.getByText('would fail again: fix the producer').waitFor();
  await page.getByText('replayed before; --again sends it again').waitFor();
  // Coupon 1 is sold out, so that its letters are left out.
  await page.getByRole('row', { name: /^1 0 0 SOLD_OUT \d+ 0$/ }).waitFor();
  await page.getByText(/^coupons campaigns update 1 --stock 100\d\d$/).waitFor();
  await page.getByRole('button', { name: /^Send \d+ requests…/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
  expect(console.known.replay).toMatchObject({ phase: 'planned', replayed: 0 });
  await page.getByRole('button', { name: 'Discard the plan' }).click();
  await expect.poll(() => page.getByText('Planned replay').count()).toBe(0);
  expect(console.known.replay).toMatchObject({ phase: 'cancelled', replayed: 0 });
});

test('a plan that would send to another topic says so, and one that has expired says that', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  const planned = await console.planReplay({});
  const { plan } = planned;
  if (plan === null) throw new Error('There is no plan.');
  const forged = { ...plan, topics: [{ topic: 'payments', replayable: plan.replayable }] };
  console.send('replay', { ...planned, plan: forged });
  await page.getByText('not the request topic').waitFor();
  const expired = { code: 'PLAN_EXPIRED', message: 'The plan is older than 10 min.', hint: null };
  console.send('replay', { ...planned, phase: 'cancelled', failure: expired });
  await page.getByText('The plan is older than 10 min.').waitFor();
});

test('a plan that takes long is cancelled while it is made', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  const planned = await console.planReplay({});
  console.send('replay', { ...planned, phase: 'planning', plan: null, looked: 12_345 });
  await page.getByText('Looking at the dead letters: 12,345 so far.').waitFor();
  await page
    .getByRole('region', { name: 'Replay' })
    .getByRole('button', { name: 'Cancel' })
    .click();
  await expect.poll(() => console.known.replay?.phase).toBe('cancelled');
  await expect.poll(() => page.getByText('Looking at the dead letters').count()).toBe(0);
});

test('sending is stopped half-way, and the page says how many were sent', async () => {
  const { url, console } = await ServedFake.start(MANY);
  const page = await browser.open(url);
  await page.getByRole('button', { name: 'Plan a replay', exact: true }).click();
  await page.getByRole('button', { name: /^Send \d+ requests…/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Send/ }).click();
  await page.getByRole('progressbar').waitFor();
  console.tick();
  await page.getByRole('button', { name: 'Stop sending' }).click();
  await page.getByText('The replay was stopped. Sent before that: 10 requests.').waitFor();
});

test('two viewers see the same replay', async () => {
  const { url } = await ServedFake.start();
  const [one, other] = [await browser.open(url), await browser.open(url, { locale: 'ko-KR' })];
  await one.getByRole('button', { name: 'Plan a replay', exact: true }).click();
  await other.getByRole('button', { name: '계획 버리기' }).click();
  await expect.poll(() => one.getByText('Planned replay').count()).toBe(0);
});

test('a read-only console offers the command instead', async () => {
  const { url } = await ServedFake.start({ site: { readOnly: true } });
  const page = await browser.open(url);
  await page.getByRole('button', { name: /^WRONG_TYPE \d/ }).click();
  expect(await page.getByRole('button', { name: 'Plan a replay of these' }).isDisabled()).toBe(
    true,
  );
  await page.getByText('coupons dlq replay --reason WRONG_TYPE --dry-run').waitFor();
  await page.getByText('coupons serve --allow-replay').waitFor();
});

/** Presses Tab until what has the focus is named so. Throws where it does not come. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 120; presses += 1) {
    const focused = await page.evaluate(() => {
      const { activeElement: element } = document;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(focused)) return;
    seen.push(focused.slice(0, 40));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${String(name)}: ${seen.join(' | ')}`);
}
