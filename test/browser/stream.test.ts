import { expect, test } from 'vitest';
import { BROKER_AWAY, loseBroker, STALLED } from '../support/console/scenarios.js';
import { useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const browser = useBrowser();

test('the page follows the sale, and says as of when', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  const partitions = page.locator('#partitions');
  await partitions.getByText('as of 12:00:00').waitFor();
  console.tick();
  await partitions.getByText('as of 12:00:01').waitFor();
  console.set('group', { totalLag: 123_456, status: 'WARNING', trend: 'growing' });
  await page.locator('#verdict').getByText('123,456').waitFor();
  await page.locator('#verdict').getByText('Falls behind').waitFor();
  await expect.poll(() => page.title()).toContain('Falls behind');
});

test('a server that goes away leaves grey figures, and its return brings the page back', async () => {
  const served = await ServedFake.start();
  const page = await browser.open(served.url, {
    expected:
      /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/,
  });
  const body = page.locator('#partitions .panel-body');
  await body.locator('table').first().waitFor();
  await expect.poll(() => body.getAttribute('data-old')).toBe('false');
  await served.stop();
  await page.getByText('Reconnecting').first().waitFor();
  await expect.poll(() => body.getAttribute('data-old')).toBe('true');
  await served.start();
  served.console.set('group', { totalLag: 77 });
  await page.locator('#verdict').getByText('77', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await expect.poll(() => body.getAttribute('data-old')).toBe('false');
});

test('a server that falls silent is noticed', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  await page.getByText('No news').first().waitFor();
  console.tick();
  await page.getByText('Live', { exact: true }).waitFor();
});

test('a stalled group is the first thing that one sees', async () => {
  const { url } = await ServedFake.start(STALLED);
  const page = await browser.open(url);
  await page.locator('#verdict').getByText('Stalled').waitFor();
  await expect.poll(() => page.title()).toContain('Stalled');
});

test('without a broker the panels say why, keep what they showed, and the rest goes on', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url);
  const partitions = page.locator('#partitions');
  await partitions.locator('table').first().waitFor();
  loseBroker(console);
  await partitions.getByText(BROKER_AWAY.message).waitFor();
  await partitions.getByText('coupons-0').first().waitFor();
  console.tick();
  await partitions.getByText('as of 12:00:00').waitFor();
  await page.locator('#letters').getByText(BROKER_AWAY.message).waitFor();
});

test('a Korean page says in Korean that the broker is away, and in the words of the terminal', async () => {
  const { url, console } = await ServedFake.start();
  const page = await browser.open(url, { locale: 'ko-KR' });
  const failure = page.locator('#partitions .failure');
  await page.locator('#partitions table').first().waitFor();
  loseBroker(console);
  await failure.getByText('Kafka 브로커에 연결할 수 없습니다.').waitFor();
  await failure.getByText(BROKER_AWAY.message).waitFor();
});

test('a token that is not accepted any more is said, with what to do', async () => {
  const { url } = await ServedFake.start();
  const page = await browser.open(url, { expected: /401/ });
  await page.getByText('Live', { exact: true }).waitFor();
  await page.context().clearCookies();
  await page.reload();
  await page.getByRole('textbox').waitFor();
});
