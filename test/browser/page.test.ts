import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { FakeConsole, Scenario } from '../support/console/fake-console.js';
import { EMPTY, hostile, manyCampaigns } from '../support/console/scenarios.js';
import { overflowPx, seriousFindings, useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const browser = useBrowser();

async function openPage(
  scenario: Scenario = {},
  options: Parameters<typeof browser.open>[1] = {},
): Promise<{ page: Page; console: FakeConsole }> {
  const { url, console } = await ServedFake.start(scenario);
  const page = await browser.open(url, options);
  await page.locator('#partitions table').first().waitFor();
  return { page, console };
}

test('the token of the address is gone once the page is there, and a reload stays signed in', async () => {
  const { page } = await openPage();
  expect(page.url()).not.toContain('token');
  await page.reload();
  await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
});

test('a Korean browser gets the Korean page, and the choice of another language is kept', async () => {
  const { page } = await openPage({}, { locale: 'ko-KR' });
  await page.getByRole('heading', { name: '파티션' }).waitFor();
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('ko');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Partitions' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Partitions' }).waitFor();
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en');
});

test('the page is dark where the browser is, and as it was chosen otherwise', async () => {
  const { page } = await openPage({}, { colorScheme: 'dark' });
  const brightness = () =>
    page.evaluate(() => {
      const [red = 0] =
        getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g) ?? [];
      return Number(red);
    });
  await expect.poll(brightness).toBeLessThan(60);
  await page.getByRole('button', { name: 'Light' }).click();
  await expect.poll(brightness).toBeGreaterThan(200);
  await page.reload();
  await expect.poll(brightness).toBeGreaterThan(200);
});

test('where there is nothing yet, the page says what to run next', async () => {
  const { page } = await openPage(EMPTY);
  for (const command of ['coupons consume', 'coupons campaigns create 1 --stock 100']) {
    await page.locator('code', { hasText: command }).first().waitFor();
  }
  await page.getByText('No dead letters.').waitFor();
});

test('a command is copied', async () => {
  const { page } = await openPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page
    .getByRole('button', { name: 'Copy the command coupons lag --wait --timeout 60' })
    .click();
  await page.getByText('Copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'coupons lag --wait --timeout 60',
  );
});

test.each(['light', 'dark'] as const)('axe finds nothing serious, %s', async (colorScheme) => {
  const { page } = await openPage({}, { colorScheme });
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /dead letter 0:32$/ }).click();
  await page.getByText('Stack trace').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Plan a replay', exact: true }).click();
  await page.getByRole('button', { name: 'Discard the plan' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
});

test.each([
  ['a sale', {}],
  ['nothing', EMPTY],
  ['hostile texts', hostile()],
  ['200 campaigns', manyCampaigns(200)],
] as const)('%s fits a phone and a wall screen', async (_, scenario) => {
  const { page } = await openPage(scenario, { viewport: { width: 360, height: 740 } });
  for (const width of [360, 768, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await overflowPx(page), `${String(width)} px`).toBe(0);
  }
});
