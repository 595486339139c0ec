import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scriptedLetters } from '../support/console/letters.js';
import { HOSTILE_TEXTS, hostile } from '../support/console/scenarios.js';
import type { Scenario } from '../support/console/fake-console.js';
import { overflowPx, useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const browser = useBrowser();

async function openLetters(scenario: Scenario = {}): Promise<{ page: Page; served: ServedFake }> {
  const served = await ServedFake.start(scenario);
  const page = await browser.open(served.url);
  await rows(page).first().waitFor();
  return { page, served };
}

function rows(page: Page) {
  return page.getByRole('region', { name: 'Dead letters' }).locator('tbody tr');
}

function openButtons(page: Page) {
  return page.getByRole('button', { name: /: show dead letter/ });
}

test('100,000 dead letters are counted, paged through and filtered', async () => {
  const { page } = await openLetters({ letters: scriptedLetters(100_000) });
  await page.getByText('100,000 in the DLQ').waitFor();
  const first = await openButtons(page).allTextContents();
  expect(await openButtons(page).first().getAttribute('aria-label')).toContain('0:99999');
  await page.getByRole('button', { name: 'Older' }).click();
  await page.getByText('Page 2').waitFor();
  await expect
    .poll(() => openButtons(page).first().getAttribute('aria-label'))
    .toContain(`0:${String(99_999 - first.length)}`);
  await page.getByRole('button', { name: 'Newer' }).click();
  await expect
    .poll(() => openButtons(page).first().getAttribute('aria-label'))
    .toContain('0:99999');
  await page.getByRole('searchbox', { name: 'Text in key' }).fill('20007');
  await expect.poll(() => rows(page).count()).toBeLessThan(first.length);
  await expect.poll(() => rows(page).last().textContent()).toContain('20007');
});

test('a click on a reason shows only its letters, a second one all again', async () => {
  const { page } = await openLetters();
  const reason = page.getByRole('button', { name: /^WRONG_TYPE \d/ });
  const codes = () => rows(page).locator('code').allTextContents();
  await reason.click();
  await expect.poll(async () => new Set(await codes())).toEqual(new Set(['WRONG_TYPE']));
  await expect.poll(() => reason.getAttribute('aria-pressed')).toBe('true');
  await reason.click();
  await expect.poll(async () => new Set(await codes()).size).toBeGreaterThan(1);
});

test('a filter by coupon and reason that nothing matches says so, and is cleared', async () => {
  const { page } = await openLetters();
  await page.getByRole('combobox', { name: 'Reason' }).selectOption('MALFORMED_JSON');
  await page.getByRole('searchbox', { name: 'Coupon' }).fill('3');
  await page.getByText('No dead letter matches.').waitFor();
  await page.getByRole('searchbox', { name: 'Coupon' }).fill('three');
  await page.getByText('A coupon is a whole number from 1.').waitFor();
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect.poll(() => rows(page).count()).toBeGreaterThan(5);
});

test('one letter is shown whole, and its neighbours from there', async () => {
  const { page } = await openLetters();
  await page.getByRole('button', { name: /dead letter 0:32$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Dead letter 0:32' });
  await dialog.getByText('at applyGroup (src/store/postgres/apply.ts:88:11)').waitFor();
  await dialog.getByText('coupon-issue-requests 2:380208').waitFor();
  await dialog.getByText('coupon-dlq-original-offset').waitFor();
  const original = dialog.locator('pre').first();
  const text = await original.textContent();
  expect(text).toContain('"userId":20032');
  const encoding = dialog.getByRole('group', { name: 'How to show: Request as it was sent' });
  await encoding.getByRole('button', { name: 'Base64' }).click();
  await expect.poll(() => original.textContent()).toBe(Buffer.from(text ?? '').toString('base64'));
  await dialog.getByRole('button', { name: 'Older' }).click();
  await page.getByRole('dialog', { name: 'Dead letter 0:31' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

test('new letters do not push those that are read: they are shown when asked for', async () => {
  const { page, served } = await openLetters();
  const before = await rows(page).allTextContents();
  served.console.setLetters(scriptedLetters(36));
  await page.getByText('New dead letters have come.').waitFor();
  expect(await rows(page).allTextContents()).toEqual(before);
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect.poll(() => openButtons(page).first().getAttribute('aria-label')).toContain('0:35');
  await expect.poll(() => page.getByText('New dead letters have come.').count()).toBe(0);
});

test('what strangers write is text: no markup, no script, no escape, and it stays in its place', async () => {
  const { page } = await openLetters(hostile());
  await page.getByRole('button', { name: /dead letter 0:3$/ }).click();
  const dialog = page.getByRole('dialog');
  const value = dialog.locator('pre').last();
  await value.waitFor();
  expect(await value.textContent()).toBe(HOSTILE_TEXTS.join(' '));
  await dialog.locator('dt', { hasText: HOSTILE_TEXTS[0] }).first().waitFor();
  expect(await page.locator('script').count()).toBe(1);
  expect(await page.locator('img[src="x"], svg[onload], [onerror]').count()).toBe(0);
  expect(await page.title()).not.toContain('owned');
  expect(await overflowPx(page)).toBe(0);
});
