import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { alertRules } from '../support/monitoring-files.js';
import { promtool } from './promtool.js';

const STORIES = 'test/monitoring/rules.stories.yml';

const Stories = z.object({
  tests: z.array(
    z.object({
      promql_expr_test: z.array(
        z.object({ exp_samples: z.array(z.object({ labels: z.string() })) }),
      ),
    }),
  ),
});

test('Prometheus accepts the rules and the scrape configuration', async () => {
  expect(await promtool(['check', 'rules', 'deploy/prometheus/rules/coupons.yml'])).toMatchObject({
    code: 0,
  });
  // Its syntax only: otherwise promtool looks for the file with the token as well.
  const config = ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml'];
  expect(await promtool(config)).toMatchObject({ code: 0 });
});

test('in each story the alerts fire that should, and no other', async () => {
  const { code, said } = await promtool(['test', 'rules', STORIES]);
  expect(code, said).toBe(0);
});

test('each alert fires in some story', () => {
  const stories = Stories.parse(parse(readFileSync(STORIES, 'utf8')));
  const expected = stories.tests
    .flatMap((story) => story.promql_expr_test)
    .flatMap(({ exp_samples }) => exp_samples)
    .map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1])
    .filter((name) => name !== undefined);
  expect(new Set(expected)).toEqual(new Set(alertRules().map(({ alert }) => alert)));
});
