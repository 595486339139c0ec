/**
 * CreateTopics (19): replication factor 1 (or -1, the default) only. A replica assignment is taken
 * if it names this broker alone. -1 partitions means one, which is num.partitions here.
 */
import { api, NODE_ID, type RequestContext } from '../../api.js';
import { MAX_PARTITIONS, MAX_TOPICS } from '../../limits.js';
import { checkConfigs, type ConfigOverrides } from '../../topic-config.js';
import { isValidTopicName } from '../../topic-name.js';
import * as t from '../../wire/codec.js';
import { diskRefused, ErrorCode, isRefusal, refusal, type Refusal } from '../../wire/error-code.js';

const newTopic = t.struct({
  name: t.string,
  partitions: t.int32,
  replicationFactor: t.int16,
  assignments: t.array(t.struct({ partition: t.int32, brokers: t.array(t.int32) })),
  configs: t.array(t.struct({ name: t.string, value: t.nullableString })),
});

type NewTopic = t.Infer<typeof newTopic>;
type Catalog = RequestContext['storage']['catalog'];

const done: { readonly errorCode: number; readonly errorMessage: string | null } = {
  errorCode: ErrorCode.NONE,
  errorMessage: null,
};

export const createTopics = api({
  request: t.struct({
    topics: t.array(newTopic),
    timeoutMs: t.fixed(t.int32, 0),
    validateOnly: t.since(1, t.bool, false),
  }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(2),
    topics: t.array(
      t.struct({
        name: t.string,
        errorCode: t.int16,
        errorMessage: t.since(1, t.nullableString, null),
      }),
    ),
  }),
  handle({ topics, validateOnly }, { storage }) {
    const named = new Map<string, number>();
    for (const { name } of topics) named.set(name, (named.get(name) ?? 0) + 1);
    const create = (topic: NewTopic) => {
      const checked =
        (named.get(topic.name) ?? 0) > 1
          ? refusal(ErrorCode.INVALID_REQUEST, `Topic ${topic.name} occurs more than once.`)
          : check(topic, storage.catalog);
      if (isRefusal(checked)) return checked;
      const { partitions, overrides } = checked;
      if (!validateOnly) storage.catalog.create(topic.name, partitions, overrides);
      return done;
    };
    return storage.commits.submit(
      () => ({ topics: topics.map((topic) => ({ name: topic.name, ...create(topic) })) }),
      () => ({ topics: topics.map(({ name }) => ({ name, ...diskRefused })) }),
    );
  },
  refuse: ({ topics }, why) => ({ topics: topics.map(({ name }) => ({ name, ...why })) }),
});

function check(
  topic: NewTopic,
  catalog: Catalog,
): { readonly partitions: number; readonly overrides: ConfigOverrides } | Refusal {
  const { name } = topic;
  if (!isValidTopicName(name)) {
    return refusal(
      ErrorCode.INVALID_TOPIC,
      `Topic name is invalid: '${name.slice(0, 300)}' (1 to 249 of a-z, A-Z, 0-9, '.', '_', '-'; not '.' or '..')`,
    );
  }
  if (catalog.topic(name) !== undefined) {
    return refusal(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  }
  const partitions = countPartitions(topic);
  if (typeof partitions !== 'number') return partitions;
  if (catalog.topics.size >= MAX_TOPICS || catalog.partitionCount() + partitions > MAX_PARTITIONS) {
    const most = `${String(MAX_TOPICS)} topics and ${String(MAX_PARTITIONS)} partitions`;
    return refusal(ErrorCode.POLICY_VIOLATION, `The embedded broker holds at most ${most}.`);
  }
  const overrides = checkConfigs(topic.configs);
  return isRefusal(overrides) ? overrides : { partitions, overrides };
}

function countPartitions(topic: NewTopic): number | Refusal {
  const { partitions, replicationFactor, assignments } = topic;
  if (assignments.length > 0) {
    if (partitions !== -1 || replicationFactor !== -1) {
      const both = 'Both numPartitions or replicationFactor and replicasAssignments were set.';
      return refusal(ErrorCode.INVALID_REQUEST, both);
    }
    const numbers = new Set(assignments.map(({ partition }) => partition));
    const dense = assignments.every((_, i) => numbers.has(i));
    const here = assignments.every(({ brokers }) => brokers.length === 1 && brokers[0] === NODE_ID);
    if (dense && here) return assignments.length;
    const wanted = `Partitions count from 0, each with the one replica ${String(NODE_ID)}.`;
    return refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, wanted);
  }
  if (partitions !== -1 && partitions < 1) {
    return refusal(ErrorCode.INVALID_PARTITIONS, 'Number of partitions must be larger than 0.');
  }
  if (replicationFactor !== -1 && replicationFactor !== 1) {
    const why =
      replicationFactor < 1
        ? 'Replication factor must be larger than 0, or -1 to use the default value.'
        : `Unable to replicate the partition ${String(replicationFactor)} time(s): only 1 broker(s) are registered.`;
    return refusal(ErrorCode.INVALID_REPLICATION_FACTOR, why);
  }
  return partitions === -1 ? 1 : partitions;
}
