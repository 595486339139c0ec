/** Who gets into the console, and what other sites' pages can do in a browser that is in. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { overflowPx, seriousFindings, useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const consoles: ServedFake[] = [];
const sites: Server[] = [];

afterEach(async () => {
  for (const served of consoles.splice(0)) await served.stop();
  for (const site of sites.splice(0)) site.close();
});
// Declared last, so that its pages close before the servers do.
const browser = useBrowser();

async function served(): Promise<ServedFake> {
  const started = await ServedFake.start();
  consoles.push(started);
  return started;
}

/** Another site with one page. Under the name localhost it is another site than 127.0.0.1, and under that the same one. */
async function otherSite(host: 'localhost' | '127.0.0.1', html: string): Promise<string> {
  const site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>other</title><link rel="icon" href="data:,">${html}`);
  });
  sites.push(site);
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return `http://${host}:${String((site.address() as AddressInfo).port)}/`;
}

const tokenOf = (url: string) => new URL(url).searchParams.get('token') ?? '';
const statusOfLetters = (page: Page) =>
  page.evaluate(async () => (await fetch('/api/letters')).status);
const asksForToken = { expected: /status of 401/ };

describe('a browser without a session', () => {
  test('is asked for the token, and gets in with it', async () => {
    const { url } = await served();
    const page = await browser.open(new URL('/', url).href, asksForToken);
    const input = page.getByLabel('Token');
    await input.fill('not the token');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await input.fill(tokenOf(url));
    await page.keyboard.press('Enter');
    await page.getByRole('heading').first().waitFor();
    expect(await statusOfLetters(page)).toBe(200);
    expect(page.url()).toBe(new URL('/', url).href);
  });

  test.each([
    ['en-GB', 'light'],
    ['ko-KR', 'dark'],
  ] as const)('is asked so that everyone can read it: %s, %s', async (locale, colorScheme) => {
    const { url } = await served();
    const page = await browser.open(new URL('/', url).href, {
      ...{ ...asksForToken, locale, colorScheme, viewport: { width: 360, height: 640 } },
    });
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflowPx(page)).toBe(0);
  });

  test('gets in by a link on another site, though its cookie is strict', async () => {
    const { url } = await served();
    const chat = await otherSite('localhost', `<a href="${url}">the console</a>`);
    const page = await browser.open(chat);
    await page.getByText('the console').click();
    await page.getByRole('heading').first().waitFor();
    expect(await statusOfLetters(page)).toBe(200);
    // The page takes the token out of its address.
    await page.waitForURL((address) => address.search === '');
  });
});

describe('the page of another site, in a browser that is in the console', () => {
  /** What it tries, all of it with cookies. */
  const attack = async (origin: string): Promise<readonly string[]> => {
    const posted = async (init: RequestInit) => {
      try {
        const options = { method: 'POST', credentials: 'include', ...init } as const;
        return String((await fetch(`${origin}/api/audits`, options)).status);
      } catch {
        return 'refused';
      }
    };
    const loaded = (element: HTMLScriptElement | HTMLIFrameElement, source: string) =>
      new Promise<string>((resolve) => {
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('refused');
        element.src = `${origin}${source}`;
        document.body.append(element);
      });
    const stream = await new Promise<string>((resolve) => {
      const source = new EventSource(`${origin}/api/stream`, { withCredentials: true });
      source.onopen = () => resolve('open');
      source.onerror = () => resolve('refused');
    });
    return [
      await posted({ mode: 'no-cors', body: '{}' }),
      await posted({ headers: { 'content-type': 'application/json' }, body: '{}' }),
      stream,
      await loaded(document.createElement('script'), '/assets/console.js'),
    ];
  };

  test.each(['localhost', '127.0.0.1'] as const)(
    'at %s changes and reads nothing',
    async (host) => {
      const { url, console } = await served();
      const page = await browser.open(url, { expected: /./ });
      await page.getByRole('heading').first().waitFor();
      await page.goto(await otherSite(host, ''));
      const tried = await page.evaluate(attack, new URL(url).origin);
      expect(tried).toEqual(['refused', 'refused', 'refused', 'refused']);
      expect(console.known.audit.running).toBeNull();
      await expect.poll(() => console.viewers).toBe(0);
    },
  );

  test('can’t show the console in a frame of its own', async () => {
    const { url } = await served();
    const site = await otherSite('127.0.0.1', `<iframe src="${url}"></iframe>`);
    const page = await browser.open(site, { expected: /frame|BLOCKED_BY_RESPONSE/i });
    const frame = page.frames()[1];
    await expect.poll(() => frame?.url()).toMatch(/^chrome-error:/);
  });
});
