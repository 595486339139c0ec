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
