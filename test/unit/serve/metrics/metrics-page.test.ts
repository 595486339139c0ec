import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { consumeScrape, serveScrape } from '../../../support/exposed-metrics.js';
import type { Scraped } from '../../../support/scraped.js';

const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');

/** The rows of the table that describes what a command exposes: name, type and labels. */
function rowsOf(command: string): readonly (readonly string[])[] {
  const [section = ''] = page.split(`\n## Of \`coupons ${command}\`\n`).at(1)?.split('\n## ') ?? [];
  const rows = section.matchAll(/^\| `(\w+)` +\| (counter|gauge|histogram) +\| (.*?) +\| \S/gm);
  return [...rows].map(([, name = '', type = '', labels = '']) => [name, type, labels]);
}

/** What the row of a metric should be. */
function described(exposed: Scraped, name: string): readonly (string | null)[] {
  const labelNames = Object.keys(exposed.labels(name).at(0) ?? {});
  return [name, exposed.type(name), labelNames.map((label) => `\`${label}\``).join(', ')];
}

test.each([
  ['consume', consumeScrape],
  ['serve', serveScrape],
])(
  'docs/metrics.md has each metric of %s with type and labels, and no other',
  async (command, scrape) => {
    const exposed = await scrape();
    const own = exposed.names.filter((name) => /^(coupons|kafka)_/.test(name));
    expect(own).not.toEqual([]);
    expect([...rowsOf(command)].sort()).toEqual(own.map((name) => described(exposed, name)).sort());
  },
);
