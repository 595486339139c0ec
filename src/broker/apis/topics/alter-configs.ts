/** AlterConfigs (33): replaces all configs of a topic. This broker's own settings are fixed. */
import { api, type RequestContext } from '../../api.js';
import { checkConfigs, type ConfigOverrides } from '../../topic-config.js';
import * as t from '../../wire/codec.js';
import {
  ErrorCode,
  diskRefused,
  isRefusal,
  refusal,
  unknownTopic,
  type Refusal,
} from '../../wire/error-code.js';
import { ResourceType } from './describe-configs.js';

export interface Resource {
  readonly type: number;
  readonly name: string;
}

export const alterConfigsResponse = t.struct({
  throttleTimeMs: t.throttleTimeMs(),
  results: t.array(
    t.struct({ errorCode: t.int16, errorMessage: t.nullableString, type: t.int8, name: t.string }),
  ),
});

export const alterConfigs = api({
  request: t.struct({
    resources: t.array(
      t.struct({
        type: t.int8,
        name: t.string,
        configs: t.array(t.struct({ name: t.string, value: t.nullableString })),
      }),
    ),
    validateOnly: t.bool,
  }),
  response: alterConfigsResponse,
  handle({ resources, validateOnly }, { storage }) {
    return alterTopics(resources, validateOnly, storage, ({ configs }) => checkConfigs(configs));
  },
  refuse: ({ resources }, why) => ({
    results: resources.map(({ type, name }) => ({ type, name, ...why })),
  }),
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
      const message = 'Only the configs of topics can be changed in the embedded broker.';
      return refusal(ErrorCode.INVALID_REQUEST, message);
    }
    const topic = catalog.topic(resource.name);
    if (topic === undefined) {
      return unknownTopic(resource.name);
    }
    const overrides = change(resource, topic.overrides);
    if (isRefusal(overrides)) return overrides;
    if (!validateOnly) catalog.setOverrides(topic, overrides);
    return { errorCode: ErrorCode.NONE, errorMessage: null };
  };
  const results = (answer: (resource: R) => Refusal | ReturnType<typeof alter>) => ({
    results: resources.map((each) => ({ type: each.type, name: each.name, ...answer(each) })),
  });
  return commits.submit(
    () => results(alter),
    () => results(() => diskRefused),
  );
}
