import { expect, test } from 'vitest';
import { AUDIT_FAILED, manyCampaigns } from '../support/console/scenarios.js';
import { campaignData } from '../support/console/sale.js';
import { useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const browser = useBrowser();

test('stock falls, and a campaign that sells out says when', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  const row = page.locator('#campaigns tbody tr', { hasText: 'Free shipping' });
  await row.getByText('1,796 of 50,000 left').waitFor();
  const { data } = console.known.campaigns;
  const soldOut = campaignData(3, {
    ...{ name: 'Free shipping', totalQuantity: 50_000, issuedQuantity: 50_000 },
    soldOutAtMs: console.nowMs,
  });
  console.set('campaigns', {
    campaigns: (data?.campaigns ?? []).map((each) => (each.couponId === 3 ? soldOut : each)),
  });
  await row.getByText('0 of 50,000 left').waitFor();
  await row.getByText('sold out').waitFor();
  await row.getByText('12:00:00').waitFor();
});

test('200 campaigns are searched, sorted, and shown all when asked for', async () => {
  const { url } = await ServedFake.start(manyCampaigns(200));
  const page = await browser.open(url);
  const campaigns = page.locator('#campaigns');
  const rows = campaigns.locator('tbody tr');
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(200);
  await campaigns.getByRole('button', { name: 'Show all 200' }).click();
  await expect.poll(() => rows.count()).toBe(200);
  await campaigns.getByRole('searchbox', { name: 'Filter campaigns' }).fill('Campaign 137 ');
  await expect.poll(() => rows.count()).toBe(1);
  await campaigns.getByRole('searchbox', { name: 'Filter campaigns' }).fill('');
  await campaigns.getByRole('button', { name: 'Issued' }).click();
  await expect.poll(() => campaigns.locator('th[aria-sort]').count()).toBe(1);
});

test.each([
  ['42', /ISSUED.*User 42 got coupon 1/],
  ['43', /SOLD_OUT.*User 43 did not get coupon 1.*the last went to user 7044/],
  ['50', /PENDING.*waits to be read/],
  ['100001', /NOT_REQUESTED.*No request of user/],
])('what became of user %s is said in plain words', async (user, answer) => {
  const { url } = await ServedFake.start();
  const page = await browser.open(url);
  const form = page.getByRole('form', { name: 'Look up a user' });
  await form.getByLabel('Coupon').fill('1');
  await form.getByLabel('User').fill(user);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.user-answer').textContent()).toMatch(answer);
});

test('an audit is run from the page, and its verdict comes', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  const verdict = page.locator('#verdict');
  await verdict.getByRole('button', { name: 'Run again' }).click();
  await expect.poll(() => console.known.audit.running).not.toBeNull();
  console.tick();
  await verdict.getByText('records read').waitFor();
  console.tick();
  console.tick();
  await verdict.getByText('Pass', { exact: true }).waitFor();
  await verdict.getByRole('button', { name: 'Pass' }).click();
  await page.getByRole('dialog').getByText('ISSUED', { exact: true }).waitFor();
});

test('an audit that failed is the first thing that one sees, and its findings are a click away', async () => {
  const { url } = await ServedFake.start(AUDIT_FAILED);
  const page = await browser.open(url);
  const verdict = page.locator('#verdict');
  await verdict.getByText('Audit failed').waitFor();
  await expect.poll(() => page.title()).toContain('Audit failed');
  await verdict.getByRole('button', { name: 'Fail' }).click();
  await page
    .getByRole('dialog')
    .getByText('Campaign 1 has issued 10,001 coupons of 10,000.')
    .waitFor();
});
