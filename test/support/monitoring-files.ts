/** What deploy/ holds for Prometheus and Grafana. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

export const RULES_FILE = 'deploy/prometheus/rules/coupons.yml';

const AlertRule = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.object({ severity: z.enum(['warning', 'critical']) }),
  annotations: z.object({ summary: z.string(), description: z.string() }),
});
const RecordingRule = z.object({ record: z.string(), expr: z.string() });
const Rules = z.object({
  groups: z.array(
    z.object({ name: z.string(), rules: z.array(z.union([AlertRule, RecordingRule])) }),
  ),
});

export type AlertRule = z.infer<typeof AlertRule>;
export type RecordingRule = z.infer<typeof RecordingRule>;

function rules(): readonly (AlertRule | RecordingRule)[] {
  const { groups } = Rules.parse(parse(readFileSync(RULES_FILE, 'utf8')));
  return groups.flatMap((group) => group.rules);
}

export function alertRules(): readonly AlertRule[] {
  return rules().filter((rule) => 'alert' in rule);
}

export function recordingRules(): readonly RecordingRule[] {
  return rules().filter((rule) => 'record' in rule);
}

const Panel = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string(),
  description: z.string().optional(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.object({ expr: z.string() })).default([]),
});
const Variable = z.object({
  name: z.string(),
  type: z.string(),
  definition: z.string().optional(),
});
const Dashboard = z.object({
  panels: z.array(Panel),
  templating: z.object({ list: z.array(Variable) }),
});

export function dashboard(): z.infer<typeof Dashboard> {
  return Dashboard.parse(
    JSON.parse(readFileSync('deploy/grafana/dashboards/coupons.json', 'utf8')),
  );
}

/** PromQL's words that stand between names, as far as our queries use them. */
const WORDS = new Set(['by', 'on', 'and', 'or', 'unless', 'bool', 'offset']);

/** The metrics that a query of PromQL names. */
export function metricsIn(query: string): readonly string[] {
  const bare = query
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|on) *\([^)]*\)/g, '');
  return [...bare.matchAll(/(?<![\w:.])[a-zA-Z_][\w:]*(?! *\(|[\w:])/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
}
