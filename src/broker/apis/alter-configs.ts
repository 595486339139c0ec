/** AlterConfigs (33): replaces all configs of a topic. This broker's own settings are fixed. */
import { api, type RequestContext } from '../api.js';
import { checkConfigs, type ConfigOverrides } from '../topic-config.js';
import {
  array,
  bool,
  int16,
  int8,
  nullableString,
  string,
  struct,
  throttleTimeMs,
} from '../wire/codec.js';
import { ErrorCode, isRefusal, type Refusal } from '../wire/error-code.js';
import { ResourceType } from './describe-configs.js';

export interface Resource {
  readonly type: number;
  readonly name: string;
}

export const alterConfigsResponse = struct({
  throttleTimeMs: throttleTimeMs(),
  results: array(
    struct({ errorCode: int16, errorMessage: nullableString, type: int8, name: string }),
  ),
});

export const alterConfigs = api({
  request: struct({
    resources: array(
      struct({
        type: int8,
        name: string,
        configs: array(struct({ name: string, value: nullableString })),
      }),
    ),
    validateOnly: bool,
  }),
  response: alterConfigsResponse,
  handle({ resources, validateOnly }, { storage }) {
    return alterTopics(resources, validateOnly, storage, ({ configs }) => checkConfigs(configs));
  },
});

/** Sets each topic's overrides to what `change` makes of those it has. */
export function alterTopics<R extends Resource>(
  resources: readonly R[],
  validateOnly: boolean,
  { catalog, commits }: RequestContext['storage'],
  change: (resource: R, overrides: ConfigOverrides) => ConfigOverrides | Refusal,
) {
  const alter = (resource: R) => {
    if (resource.type !== ResourceType.TOPIC) {
      const errorMessage = 'Only the configs of topics can be changed in the embedded broker.';
      return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage };
    }
    const topic = catalog.topic(resource.name);
    if (topic === undefined) {
      const errorMessage = `The topic '${resource.name}' does not exist.`;
      return { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage };
    }
    const overrides = change(resource, topic.overrides);
    if (isRefusal(overrides)) return overrides;
    if (!validateOnly) catalog.setOverrides(topic, overrides);
    return { errorCode: ErrorCode.NONE, errorMessage: null };
  };
  const errorMessage = 'The disk refused the change.';
  const failed = { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, errorMessage };
  const results = (answer: (resource: R) => typeof failed | ReturnType<typeof alter>) => ({
    results: resources.map((each) => ({ type: each.type, name: each.name, ...answer(each) })),
  });
  return commits.submit(
    () => results(alter),
    () => results(() => failed),
  );
}
