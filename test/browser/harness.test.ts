import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overflowPx, seriousFindings, TestBrowser } from './support/browser.js';

const browser = new TestBrowser();
let html = '';
const server = createServer((request, response) => {
  response.setHeader('Content-Security-Policy', "default-src 'none'; img-src 'self'");
  response.setHeader('Content-Type', 'text/html');
  response.end(request.url === '/' ? html : '');
});
const url = () => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await browser.start();
});
afterAll(async () => {
  await browser.stop();
  await new Promise((resolve) => server.close(resolve));
});

test('a policy that is broken is a problem', async () => {
  html = '<!doctype html><title>x</title><script>1</script>';
  await browser.open(url());
  expect((await browser.closePages()).join('\n')).toMatch(/blocked: script-src/);
});

test('axe runs under the strict policy, and finds what keeps people out', async () => {
  html =
    '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><img src="/x"><button></button></main>';
  const page = await browser.open(url());
  expect((await seriousFindings(page)).join('\n')).toMatch(/button-name.*[^]*image-alt/);
  expect(await browser.closePages()).toEqual([]);
});

test('a page that is wider than the window overflows', async () => {
  html = '<!doctype html><html lang="en"><title>x</title><table width="1400"><td>x';
  const page = await browser.open(url());
  expect(await overflowPx(page)).toBeGreaterThan(100);
  expect(await browser.closePages()).toEqual([]);
});
