import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ConsumeFigures } from '../../../../src/serve/metrics/consume/consume-figures.js';
import { consumeMetrics } from '../../../../src/serve/metrics/consume/consume-metrics.js';
import { scraped } from '../../../support/scraped.js';

const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
const [, section = ''] = /^## Of `coupons consume`\n(.*?)^## /ms.exec(page) ?? [];
const rows = [...section.matchAll(/^\| `(\w+)` +\| (counter|gauge|histogram) +\| (.*?) +\|/gm)];

it('docs/metrics.md has each metric of consume with its type and labels, and no other', async () => {
  const text = await consumeMetrics(new ConsumeFigures(), '1.2.3').metrics();
  const metrics = scraped(text);
  const own = metrics.names.filter((name) => name.startsWith('coupons_'));
  const typeOf = (name: string) => new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text)?.[1];

  expect(rows.map(([, name = '', type = '', labels = '']) => [name, type, labels]).sort()).toEqual(
    own
      .map((name) => [
        name,
        typeOf(name),
        Object.keys(metrics.labels(name)[0] ?? {})
          .map((label) => `\`${label}\``)
          .join(', '),
      ])
      .sort(),
  );
});
