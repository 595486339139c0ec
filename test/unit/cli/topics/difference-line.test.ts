import { expect, test } from 'vitest';
import { differenceLine } from '../../../../src/cli/topics/difference-line.js';

test.each<readonly [string, string | null, string, string]>([
  ['retention.ms', '604800000', '2592000000', '7 days, not 30 days (retention.ms)'],
  ['retention.ms', '-1', '2592000000', 'no limit, not 30 days (retention.ms)'],
  ['retention.ms', null, '2592000000', 'not set, not 30 days (retention.ms)'],
  ['max.message.bytes', '1048588', '2097152', '1.0 MiB, not 2.0 MiB (max.message.bytes)'],
  ['retention.ms', '604800000', '604800001', 'retention.ms is 604800000, not 604800001'],
  ['min.insync.replicas', '1', '2', 'min.insync.replicas is 1, not 2'],
  ['cleanup.policy', 'compact', 'delete', 'cleanup.policy is compact, not delete'],
  ['partitions', '3', '6', 'partitions is 3, not 6'],
])('%s %s where %s is wanted', (property, actual, expected, line) => {
  expect(differenceLine({ property, actual, expected })).toBe(line);
});
