/** A tab that stays open on a sale for an hour. */
import type { CDPSession, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { FakeConsole } from '../support/console/fake-console.js';
import { useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const browser = useBrowser();

/** Of 18,000 events of 50 minutes. Kept, they would be more than 20 MB. */
const MOST_GROWTH_BYTES = 1_000_000;

test('an hour of events leaves the page as large as ten minutes', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  const debug = await page.context().newCDPSession(page);
  await pass(page, console, 10);
  const early = await sizes(debug);
  await pass(page, console, 50);
  const late = await sizes(debug);
  expect(late.heapBytes - early.heapBytes).toBeLessThan(MOST_GROWTH_BYTES);
  expect(late.nodes).toBeLessThanOrEqual(early.nodes + 100);
  expect(late.listeners).toBeLessThanOrEqual(early.listeners + 20);
}, 120_000);

/** Lets minutes pass, as quickly as the page takes their events. */
async function pass(page: Page, console: FakeConsole, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let second = 0; second < 60; second += 1) console.tick();
    const time = new Intl.DateTimeFormat('en', {
      ...{ timeStyle: 'medium', hourCycle: 'h23', timeZone: 'Asia/Seoul' },
    }).format(console.nowMs);
    await page.locator('#partitions').getByText(`as of ${time}`).waitFor();
  }
}

async function sizes(
  debug: CDPSession,
): Promise<{ heapBytes: number; nodes: number; listeners: number }> {
  await debug.send('HeapProfiler.enable');
  await debug.send('HeapProfiler.collectGarbage');
  const { usedSize } = await debug.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await debug.send('Memory.getDOMCounters');
  return { heapBytes: usedSize, nodes, listeners: jsEventListeners };
}
