/**
 * CreateTopics (19): replication factor 1 (or -1, the default) only. A replica assignment is taken
 * if it names this broker alone. -1 partitions means one, which is num.partitions here.
 */
import { api, NODE_ID, type RequestContext } from '../api.js';
import { MAX_PARTITIONS, MAX_TOPICS } from '../limits.js';
import { checkConfigs, type ConfigOverrides } from '../topic-config.js';
import { isValidTopicName } from '../topic-name.js';
import {
  array,
  bool,
  fixed,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
  throttleTimeMs,
  type Infer,
} from '../wire/codec.js';
import { ErrorCode, isRefusal, type Refusal } from '../wire/error-code.js';

const newTopic = struct({
  name: string,
  partitions: int32,
  replicationFactor: int16,
  assignments: array(struct({ partition: int32, brokers: array(int32) })),
  configs: array(struct({ name: string, value: nullableString })),
});

type NewTopic = Infer<typeof newTopic>;
type Catalog = RequestContext['storage']['catalog'];

const done: { readonly errorCode: number; readonly errorMessage: string | null } = {
  errorCode: ErrorCode.NONE,
  errorMessage: null,
};

export const createTopics = api({
  request: struct({
    topics: array(newTopic),
    timeoutMs: fixed(int32, 0),
    validateOnly: since(1, bool, false),
  }),
  response: struct({
    throttleTimeMs: throttleTimeMs(2),
    topics: array(
      struct({ name: string, errorCode: int16, errorMessage: since(1, nullableString, null) }),
    ),
  }),
  handle({ topics, validateOnly }, { storage }) {
    const named = (name: string) => topics.filter((topic) => topic.name === name).length;
    const create = (topic: NewTopic) => {
      const checked =
        named(topic.name) > 1
          ? refuse(ErrorCode.INVALID_REQUEST, `Topic ${topic.name} occurs more than once.`)
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
});

const diskRefused = refuse(ErrorCode.KAFKA_STORAGE_ERROR, 'The disk refused the change.');

function check(
  topic: NewTopic,
  catalog: Catalog,
): { readonly partitions: number; readonly overrides: ConfigOverrides } | Refusal {
  const { name } = topic;
  if (!isValidTopicName(name)) {
    return refuse(
      ErrorCode.INVALID_TOPIC,
      `Topic name is invalid: '${name.slice(0, 300)}' (1 to 249 of a-z, A-Z, 0-9, '.', '_', '-'; not '.' or '..')`,
    );
  }
  if (catalog.topic(name) !== undefined) {
    return refuse(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  }
  const partitions = countPartitions(topic);
  if (typeof partitions !== 'number') return partitions;
  if (catalog.topics.size >= MAX_TOPICS || catalog.partitionCount() + partitions > MAX_PARTITIONS) {
    const most = `${String(MAX_TOPICS)} topics and ${String(MAX_PARTITIONS)} partitions`;
    return refuse(ErrorCode.POLICY_VIOLATION, `The embedded broker holds at most ${most}.`);
  }
  const overrides = checkConfigs(topic.configs);
  return isRefusal(overrides) ? overrides : { partitions, overrides };
}

function countPartitions(topic: NewTopic): number | Refusal {
  const { partitions, replicationFactor, assignments } = topic;
  if (assignments.length > 0) {
    if (partitions !== -1 || replicationFactor !== -1) {
      const both = 'Both numPartitions or replicationFactor and replicasAssignments were set.';
      return refuse(ErrorCode.INVALID_REQUEST, both);
    }
    const numbers = new Set(assignments.map(({ partition }) => partition));
    const dense = assignments.every((_, i) => numbers.has(i));
    const here = assignments.every(({ brokers }) => brokers.length === 1 && brokers[0] === NODE_ID);
    if (dense && here) return assignments.length;
    const wanted = `Partitions count from 0, each with the one replica ${String(NODE_ID)}.`;
    return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, wanted);
  }
  if (partitions !== -1 && partitions < 1) {
    return refuse(ErrorCode.INVALID_PARTITIONS, 'Number of partitions must be larger than 0.');
  }
  if (replicationFactor !== -1 && replicationFactor !== 1) {
    const why =
      replicationFactor < 1
        ? 'Replication factor must be larger than 0, or -1 to use the default value.'
        : `Unable to replicate the partition ${String(replicationFactor)} time(s): only 1 broker(s) are registered.`;
    return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, why);
  }
  return partitions === -1 ? 1 : partitions;
}

function refuse(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage };
}
