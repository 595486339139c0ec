/** One sale on the real thing, as someone sees it who has the console open. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { refuseUser, withDatabase } from '../contract/store/sqlite-file.js';
import type { RunningCoupons } from '../support/command-line/cli.js';
import * as contract from '../support/json-contract/contract.js';
import { usePipeline } from '../support/pipeline.js';
import { request } from '../support/requests.js';
import { useBrowser } from './support/browser.js';

const browser = useBrowser();
/** It stays while the console restarts, and so does the browser's session. */
const TOKEN = 'the-token-of-the-story';
const pipeline = usePipeline({ broker: 'own', env: { COUPONS_SERVE_TOKEN: TOKEN } });

const STOCK = 200;
const REFUSED_USER = 100_001;

test('a sale, from its first request to its audit, and a console that is killed on the way', async () => {
  await pipeline.reset();
  await pipeline.succeed(`campaigns create 1 --stock ${String(STOCK)}`);
  const first = await serve('0');
  const page = await browser.open(`${first.url}?token=${TOKEN}`, {
    expected:
      /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/,
  });
  const verdict = page.locator('#verdict');
  const campaign = page.locator('#campaigns tbody tr').first();
  await verdict.getByText('No group yet').waitFor();

  await pipeline.succeed('produce --coupon 1 --count 300');
  await expect.poll(() => lagOf(page)).toBe(300);
  await campaign.getByText(String(STOCK)).first().waitFor();

  refuseUser(join(pipeline.dataDir, 'coupons.db'), REFUSED_USER);
  await pipeline.send([request(1, REFUSED_USER)]);
  const consumer = pipeline.start(['consume']);
  await campaign.getByText('sold out').waitFor();
  await expect.poll(() => lagOf(page)).toBe(0);
  await verdict.getByText('Keeps up').waitFor();

  const letters = page.locator('#letters');
  await letters.getByRole('button', { name: /show dead letter 0:0$/ }).click();
  await page
    .getByRole('dialog')
    .getByText(`"userId":${String(REFUSED_USER)}`)
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  withDatabase(join(pipeline.dataDir, 'coupons.db'), (db) =>
    db.exec(`DROP TRIGGER refuse_${String(REFUSED_USER)}`),
  );
  await letters.getByRole('button', { name: 'Plan a replay' }).click();
  // The stock is gone: what would be rejected for good is not sent.
  await letters.getByText('coupons campaigns update 1 --stock 201').waitFor();
  await pipeline.succeed('campaigns update 1 --stock 201');
  await letters.getByRole('button', { name: 'Discard the plan' }).click();
  await letters.getByRole('button', { name: 'Plan a replay' }).click();
  await letters.getByRole('button', { name: 'Send 1 request…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send 1 request' }).click();
  await letters.getByText('1 request sent and decided.').waitFor();
  await letters.getByText('ISSUED').first().waitFor();

  first.run.kill('SIGKILL');
  await first.run.exit;
  await page.getByText('Reconnecting').first().waitFor();
  const again = await serve(new URL(first.url).port);
  await page.getByText('Live', { exact: true }).waitFor();

  await verdict.getByRole('button', { name: 'Run the audit' }).click();
  await verdict.getByText('Pass', { exact: true }).waitFor();
  expect((await pipeline.audit()).verdict).toBe('PASS');
  again.run.kill('SIGTERM');
  expect(await again.run.exit).toMatchObject({ code: 0 });
  consumer.kill('SIGTERM');
  await consumer.exit;
}, 120_000);

async function serve(port: string): Promise<{ url: string; run: RunningCoupons }> {
  const run = pipeline.start(['serve', '--allow-replay', '--port', port, '--output', 'json']);
  const [line] = await run.waitFor(/^\{.*\}$/m);
  return { url: contract.serve.parse(JSON.parse(line)).url, run };
}

/** What the verdict says. */
async function lagOf(page: Page): Promise<number> {
  const figures = page.locator('#verdict .figure', { hasText: 'Lag' }).locator('.figure-value');
  return Number((await figures.first().textContent())?.replaceAll(',', ''));
}
