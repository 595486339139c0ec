import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { consumeScrape, serveScrape } from '../../support/exposed-metrics.js';
import {
  alertRules,
  dashboard,
  metricsIn,
  recordingRules,
} from '../../support/monitoring-files.js';
import { understand } from '../../support/command-line/program.js';

/** Prometheus's own. */
const OF_PROMETHEUS = ['up', 'ALERTS'];

async function knownMetrics(): Promise<ReadonlySet<string>> {
  const exposed = await Promise.all([consumeScrape(), serveScrape()]);
  const recorded = recordingRules().map(({ record }) => record);
  const series = exposed.flatMap(({ seriesNames }) => [...seriesNames]);
  return new Set([...series, ...recorded, ...OF_PROMETHEUS]);
}

const panels = dashboard().panels.filter(({ type }) => type !== 'row');

test('a query names its metrics', () => {
  expect(
    metricsIn(
      'sum by (le) (rate(a_bucket{job="b c",x=~"$y"}[5m])) > 60 and on (instance) max(c:d:max) == 1e3 * e_f offset 5m',
    ),
  ).toEqual(['a_bucket', 'c:d:max', 'e_f']);
});

test.each([...alertRules(), ...recordingRules()].map(({ expr }) => expr))(
  'what a rule asks for is exposed: %s',
  async (expr) => {
    expect(metricsIn(expr)).not.toEqual([]);
    const known = await knownMetrics();
    expect(metricsIn(expr).filter((name) => !known.has(name))).toEqual([]);
  },
);

test.each(panels.map(({ title, targets }) => [title, targets] as const))(
  'what the panel "%s" shows is exposed',
  async (_title, targets) => {
    const known = await knownMetrics();
    const asked = targets.flatMap(({ expr }) => metricsIn(expr));
    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  },
);

test('the variables of the dashboard come from what is exposed, and each is used', async () => {
  const known = await knownMetrics();
  const variables = dashboard().templating.list;
  const queries = panels.flatMap(({ targets }) => targets).map(({ expr }) => expr);
  for (const { name, type, definition = '' } of variables) {
    if (type !== 'query') continue;
    const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition) ?? [];
    expect(known).toContain(metric);
    expect(label).not.toBe('');
    expect(queries.join('\n')).toContain(`"$${name}"`);
  }
  const used = queries
    .flatMap((query) => [...query.matchAll(/"\$(\w+)"/g)])
    .map(([, name]) => name);
  expect(new Set(used)).toEqual(new Set(['group', 'instance']));
});

test('panels do not lie on each other, fit the width, and say what they show', () => {
  const cells = dashboard().panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_unused, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  for (const { gridPos, title, description } of panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    expect(description, title).toMatch(/\.$/);
  }
});

test.each(alertRules())('alert $alert says what is wrong and what to run next', (rule) => {
  expect(rule.annotations.summary).toMatch(/^[A-Z].*\.$/);
  const commands = [...rule.annotations.description.matchAll(/`coupons ([^`]+)`/g)];
  expect(commands).not.toEqual([]);
  for (const [command, args = ''] of commands) {
    expect(() => understand(args.split(' ')), command).not.toThrow();
  }
});

test('docs/monitoring.md lists each alert with its severity, and no other', () => {
  const page = readFileSync('docs/monitoring.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (\w+) +\| \S/gm)];
  expect(rows.map(([, alert, severity]) => [alert, severity])).toEqual(
    alertRules().map(({ alert, labels }) => [alert, labels.severity]),
  );
});
