/**
 * The pictures of the docs. `UPDATE_SCREENSHOTS=1 npm run test:browser -- screenshots` draws them again. They are not
 * compared byte by byte, for versions of chromium draw edges differently. The fonts are those of Debian's packages
 * fonts-dejavu-core and fonts-noto-cjk: others change a picture as much as a panel that moved.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NOW_MS } from '../support/console/sale.js';
import { useBrowser } from './support/browser.js';
import { ServedFake } from './support/served-fake.js';

const browser = useBrowser();

const MOST_BYTES = 250_000;
/** Of the picture's blocks of 16 x 16 pixels. A panel that is a sixth wider changes a tenth of them. */
const MOST_DIFFERENT = 0.05;

test.each(['light', 'dark'] as const)(
  'docs/images has the page as it is, %s',
  async (colorScheme) => {
    const { url } = await ServedFake.start();
    const viewport = { width: 1280, height: 1260 };
    const page = await browser.open('about:blank', { colorScheme, viewport });
    await page.clock.setFixedTime(NOW_MS);
    await page.goto(url);
    await page.locator('#letters table').waitFor();
    await page.locator('#verdict').getByText('3 min ago').waitFor();
    await page.evaluate(() => document.fonts.ready);
    const drawn = await page.screenshot({ animations: 'disabled' });
    expect(drawn.length).toBeLessThan(MOST_BYTES);

    const file = fileURLToPath(
      new URL(`../../docs/images/console-${colorScheme}.png`, import.meta.url),
    );
    if (process.env['UPDATE_SCREENSHOTS'] === '1') writeFileSync(file, drawn);
    expect(existsSync(file), `${file} is missing: UPDATE_SCREENSHOTS=1 draws it`).toBe(true);
    const blank = await browser.open('about:blank');
    expect(await shareOfDifferentBlocks(blank, readFileSync(file), drawn)).toBeLessThan(
      MOST_DIFFERENT,
    );
  },
);

/** 1 where the pictures have another size. Chromium decodes them. */
function shareOfDifferentBlocks(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(
    async (images) => {
      const [a, b] = await Promise.all(images.map(blocksOf));
      if (a === undefined || a.length !== b?.length) return 1;
      const different = a.filter((value, index) => Math.abs(value - (b[index] ?? 0)) > 12);
      return different.length / a.length;

      /** The red, green and blue of each block. */
      async function blocksOf(base64: string): Promise<readonly number[]> {
        const response = await fetch(`data:image/png;base64,${base64}`);
        const bitmap = await createImageBitmap(await response.blob());
        const [width, height] = [Math.ceil(bitmap.width / 16), Math.ceil(bitmap.height / 16)];
        const context = new OffscreenCanvas(width, height).getContext('2d');
        if (context === null) throw new Error('No canvas.');
        context.imageSmoothingQuality = 'high';
        context.drawImage(bitmap, 0, 0, width, height);
        const { data } = context.getImageData(0, 0, width, height);
        return [...data].filter((_, index) => index % 4 !== 3);
      }
    },
    [one.toString('base64'), other.toString('base64')],
  );
}
