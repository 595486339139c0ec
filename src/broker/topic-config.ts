/**
 * The topic configs this broker knows, with Kafka's names and defaults. Obeyed are: retention.ms,
 * retention.bytes, max.message.bytes, message.timestamp.type, message.timestamp.before.max.ms,
 * message.timestamp.after.max.ms and the "delete" of cleanup.policy. The others are kept and shown, so that what creates topics for a
 * real cluster works here, but change nothing: there are no segments, batches keep the compression
 * they came with, nothing is compacted, and Kafka, too, never waits for more in-sync replicas than
 * a topic has.
 * Source: https://kafka.apache.org/documentation/#topicconfigs
 */
import { ErrorCode, refusal, type Refusal } from './wire/error-code.js';

/** The type codes of DescribeConfigs. */
export const ConfigType = { BOOLEAN: 1, STRING: 2, INT: 3, LONG: 5, DOUBLE: 6, LIST: 7 } as const;

export interface ConfigDefinition {
  readonly name: string;
  readonly type: number;
  readonly defaultValue: string;
  readonly valid: (value: string) => boolean;
  /** What a valid value is, for the message about an invalid one. */
  readonly expected: string;
}

const MAX_INT = 2n ** 31n - 1n;
const MAX_LONG = 2n ** 63n - 1n;

function whole(
  name: string,
  defaultValue: string,
  least: bigint,
  type: number = ConfigType.LONG,
): ConfigDefinition {
  const most = type === ConfigType.INT ? MAX_INT : MAX_LONG;
  return {
    name,
    type,
    defaultValue,
    valid: (value) => /^-?\d{1,19}$/.test(value) && BigInt(value) >= least && BigInt(value) <= most,
    expected: `a whole number of at least ${String(least)}`,
  };
}

function oneOf(
  name: string,
  defaultValue: string,
  choices: readonly string[],
  type: number = ConfigType.STRING,
): ConfigDefinition {
  const chosen = (value: string) => choices.includes(value);
  return {
    name,
    type,
    defaultValue,
    valid: type === ConfigType.LIST ? (value) => value.split(',').every(chosen) : chosen,
    expected: choices.join(', '),
  };
}

function flag(name: string, defaultValue: string): ConfigDefinition {
  return oneOf(name, defaultValue, ['true', 'false'], ConfigType.BOOLEAN);
}

const compressions = ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'];

const ratio: ConfigDefinition = {
  name: 'min.cleanable.dirty.ratio',
  type: ConfigType.DOUBLE,
  defaultValue: '0.5',
  valid: (value) => /^[0-9.]+$/.test(value) && Number(value) <= 1,
  expected: 'a number from 0 to 1',
};

export const topicConfigs: ReadonlyMap<string, ConfigDefinition> = new Map(
  [
    oneOf('cleanup.policy', 'delete', ['delete', 'compact'], ConfigType.LIST),
    oneOf('compression.type', 'producer', compressions),
    whole('delete.retention.ms', '86400000', 0n),
    whole('file.delete.delay.ms', '60000', 0n),
    whole('flush.messages', String(MAX_LONG), 1n),
    whole('flush.ms', String(MAX_LONG), 0n),
    whole('index.interval.bytes', '4096', 0n, ConfigType.INT),
    whole('max.compaction.lag.ms', String(MAX_LONG), 1n),
    whole('max.message.bytes', '1048588', 0n, ConfigType.INT),
    // Apache Kafka's default is 1 h since version 4: here demos and tests may write any timestamp.
    whole('message.timestamp.after.max.ms', String(MAX_LONG), 0n),
    whole('message.timestamp.before.max.ms', String(MAX_LONG), 0n),
    oneOf('message.timestamp.type', 'CreateTime', ['CreateTime', 'LogAppendTime']),
    ratio,
    whole('min.compaction.lag.ms', '0', 0n),
    whole('min.insync.replicas', '1', 1n, ConfigType.INT),
    flag('preallocate', 'false'),
    whole('retention.bytes', '-1', -1n),
    whole('retention.ms', '604800000', -1n),
    whole('segment.bytes', '1073741824', 1_048_576n, ConfigType.INT),
    whole('segment.index.bytes', '10485760', 4n, ConfigType.INT),
    whole('segment.jitter.ms', '0', 0n),
    whole('segment.ms', '604800000', 1n),
    flag('unclean.leader.election.enable', 'false'),
  ].map((definition) => [definition.name, definition]),
);

/** Of one topic: only what was set, by name. */
export type ConfigOverrides = ReadonlyMap<string, string>;

/** The value that holds for a topic. */
export function effectiveConfig(overrides: ConfigOverrides, name: string): string {
  return overrides.get(name) ?? topicConfigs.get(name)?.defaultValue ?? '';
}

/** For the configs that are whole numbers. */
export function numericConfig(overrides: ConfigOverrides, name: string): bigint {
  return BigInt(effectiveConfig(overrides, name));
}

interface NamedValue {
  readonly name: string;
  readonly value: string | null;
}

/** The configs as overrides, or the first that is unknown or invalid, in Kafka's words. */
export function checkConfigs(configs: readonly NamedValue[]): ConfigOverrides | Refusal {
  const overrides = new Map<string, string>();
  for (const { name, value } of configs) {
    const definition = topicConfigs.get(name);
    if (definition === undefined) return invalidConfig(`Unknown topic config name: ${name}`);
    if (value === null) return invalidConfig(`Null value not supported for topic configs: ${name}`);
    if (overrides.has(name)) return invalidConfig(`Duplicate topic config name: ${name}`);
    if (!definition.valid(value)) {
      return invalidConfig(
        `Invalid value ${value} for configuration ${name}: expected ${definition.expected}`,
      );
    }
    overrides.set(name, value);
  }
  return overrides;
}

function invalidConfig(errorMessage: string): Refusal {
  return refusal(ErrorCode.INVALID_CONFIG, errorMessage);
}
