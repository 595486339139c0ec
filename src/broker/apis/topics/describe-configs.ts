/** DescribeConfigs (32): topics, and this broker's fixed settings. No documentation texts. */
import { api, NODE_ID, type RequestContext } from '../../api.js';
import { INITIAL_REBALANCE_DELAY_MS } from '../../groups/join-phase.js';
import {
  MAX_CONNECTIONS,
  MAX_GROUP_MEMBERS,
  MAX_REQUEST_BYTES,
  MAX_SESSION_TIMEOUT_MS,
  MIN_SESSION_TIMEOUT_MS,
} from '../../limits.js';
import { ConfigType, topicConfigs, type ConfigOverrides } from '../../topic-config.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, refusal, unknownTopic, type Refusal } from '../../wire/error-code.js';

export const ResourceType = { TOPIC: 2, BROKER: 4 } as const;

const ConfigSource = { DYNAMIC_TOPIC: 1, STATIC_BROKER: 4, DEFAULT: 5 } as const;

const config = t.struct({
  name: t.string,
  value: t.nullableString,
  readOnly: t.bool,
  source: t.int8,
  isSensitive: t.fixed(t.bool, false),
  synonyms: t.since(
    1,
    t.array(t.struct({ name: t.string, value: t.nullableString, source: t.int8 })),
    [],
  ),
  type: t.since(3, t.int8, 0),
  documentation: t.fixed(t.nullableString, null, 3),
});

type Config = t.Infer<typeof config>;

export const describeConfigs = api({
  request: t.struct({
    resources: t.array(
      t.struct({ type: t.int8, name: t.string, configNames: t.nullableArray(t.string) }),
    ),
    includeSynonyms: t.since(1, t.bool, false),
    includeDocumentation: t.fixed(t.bool, false, 3),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(),
    results: t.array(
      t.struct({
        errorCode: t.int16,
        errorMessage: t.nullableString,
        type: t.int8,
        name: t.string,
        configs: t.array(config),
      }),
    ),
  }),
  handle({ resources, includeSynonyms }, context) {
    const results = resources.map(({ type, name, configNames }) => {
      const configs = describe(type, name, context);
      if (!Array.isArray(configs)) return { type, name, ...configs, configs: [] };
      const wanted = configs.filter((each) => configNames?.includes(each.name) ?? true);
      return {
        errorCode: ErrorCode.NONE,
        errorMessage: null,
        type,
        name,
        configs: includeSynonyms ? wanted : wanted.map((each) => ({ ...each, synonyms: [] })),
      };
    });
    return { results };
  },
  refuse: ({ resources }, why) => ({
    results: resources.map(({ type, name }) => ({ type, name, ...why, configs: [] })),
  }),
});

function describe(type: number, name: string, context: RequestContext): Config[] | Refusal {
  switch (type) {
    case ResourceType.TOPIC: {
      const topic = context.storage.catalog.topic(name);
      if (topic !== undefined) return topicEntries(topic.overrides);
      return unknownTopic(name);
    }
    case ResourceType.BROKER: {
      if (name === '' || name === String(NODE_ID)) return brokerEntries(context);
      return refusal(
        ErrorCode.INVALID_REQUEST,
        `Unexpected broker id, expected ${String(NODE_ID)}, but received ${name}`,
      );
    }
    default: {
      return refusal(
        ErrorCode.INVALID_REQUEST,
        `Resource type ${String(type)} has no configs here.`,
      );
    }
  }
}

function topicEntries(overrides: ConfigOverrides): Config[] {
  return [...topicConfigs.values()].map(({ name, type, defaultValue }) => {
    const override = overrides.get(name);
    const fallback = { name, value: defaultValue, source: ConfigSource.DEFAULT };
    if (override === undefined) {
      return { ...fallback, readOnly: false, type, synonyms: [fallback] };
    }
    const own = { name, value: override, source: ConfigSource.DYNAMIC_TOPIC };
    return { ...own, readOnly: false, type, synonyms: [own, fallback] };
  });
}

function brokerEntries({ host, port, dataDir }: RequestContext): Config[] {
  const { STRING, INT, BOOLEAN } = ConfigType;
  const entries: readonly (readonly [string, string, number])[] = [
    ['advertised.listeners', `PLAINTEXT://${host}:${String(port)}`, STRING],
    ['auto.create.topics.enable', 'false', BOOLEAN],
    ['default.replication.factor', '1', INT],
    ['group.initial.rebalance.delay.ms', String(INITIAL_REBALANCE_DELAY_MS), INT],
    ['group.max.session.timeout.ms', String(MAX_SESSION_TIMEOUT_MS), INT],
    ['group.max.size', String(MAX_GROUP_MEMBERS), INT],
    ['group.min.session.timeout.ms', String(MIN_SESSION_TIMEOUT_MS), INT],
    ['log.dirs', dataDir, STRING],
    ['max.connections', String(MAX_CONNECTIONS), INT],
    ['message.max.bytes', topicConfigs.get('max.message.bytes')?.defaultValue ?? '', INT],
    ['min.insync.replicas', '1', INT],
    ['node.id', String(NODE_ID), INT],
    ['num.partitions', '1', INT],
    ['socket.request.max.bytes', String(MAX_REQUEST_BYTES), INT],
  ];
  return entries.map(([name, value, type]) => {
    const entry = { name, value, source: ConfigSource.STATIC_BROKER };
    return { ...entry, readOnly: true, type, synonyms: [entry] };
  });
}
