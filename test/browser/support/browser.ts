/**
 * A chromium for a test file, and a page of its own for each test. After each test the pages close, and what went
 * wrong in them fails it: an error on the console, an exception, a request that failed, something that the
 * Content-Security-Policy blocked.
 */
import { constants, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

/** What playwright waits for a condition: the machine may be busy. */
const DEADLINE_MS = 20_000;

export interface PageOptions extends Pick<
  BrowserContextOptions,
  'viewport' | 'colorScheme' | 'locale' | 'reducedMotion' | 'deviceScaleFactor'
> {
  /** Problems that belong to the test: those of a server that goes away. */
  readonly expected?: RegExp;
}

export class TestBrowser {
  #browser: Browser | null = null;
  #pages: { readonly page: Page; readonly problems: string[] }[] = [];

  async start(): Promise<void> {
    this.#browser = await chromium.launch({
      executablePath: await chromiumPath(),
      // Root, as in a container, has no sandbox.
      chromiumSandbox: process.getuid?.() !== 0,
    });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
  }

  /** A page at `url`, with nothing stored; in English, light and 1280 pixels wide unless told otherwise. */
  async open(url: string, { expected, ...options }: PageOptions = {}): Promise<Page> {
    if (this.#browser === null) throw new Error('The browser is not started: call useBrowser().');
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 900 },
      colorScheme: 'light',
      locale: 'en-GB',
      timezoneId: 'Asia/Seoul',
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(DEADLINE_MS);
    const page = await context.newPage();
    const problems: string[] = [];
    await watch(page, (problem) => {
      if (expected?.test(problem) !== true) problems.push(problem);
    });
    this.#pages.push({ page, problems });
    await page.goto(url);
    return page;
  }

  /** Closes the pages of a test; resolves to what went wrong in them. */
  async closePages(): Promise<readonly string[]> {
    const pages = this.#pages;
    this.#pages = [];
    await Promise.all(pages.map(({ page }) => page.context().close()));
    return pages.flatMap(({ problems }) => problems);
  }
}

/** The browser of this test file. */
export function useBrowser(): TestBrowser {
  const browser = new TestBrowser();
  beforeAll(() => browser.start());
  afterEach(async () => {
    expect(await browser.closePages(), 'what went wrong in the page').toEqual([]);
  });
  afterAll(() => browser.stop());
  return browser;
}

async function chromiumPath(): Promise<string> {
  const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  await access(path, constants.X_OK).catch(() => {
    throw new Error(
      `There is no chromium at ${path}: \`apt-get install chromium\`, or name another one in CHROMIUM.`,
    );
  });
  return path;
}

async function watch(page: Page, report: (problem: string) => void): Promise<void> {
  page.on('console', (message) => {
    const { url } = message.location();
    if (['error', 'warning'].includes(message.type())) {
      report(`console: ${message.text()} (${url})`);
    }
  });
  page.on('pageerror', (error) => report(`exception: ${error.stack ?? error.message}`));
  page.on('crash', () => report('the page crashed'));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed';
    // A page that goes away ends its requests itself.
    if (reason !== 'net::ERR_ABORTED') report(`request: ${request.url()} ${reason}`);
  });
  await page.exposeFunction('reportBlocked', (what: string) => report(`blocked: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (window as unknown as { reportBlocked: (what: string) => void }).reportBlocked(
        `${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
      );
    });
  });
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Findings of axe that keep people out: each with its rule and where it is. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not concern.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}

/** How far the page can be scrolled to the side: 0 where it fits. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
