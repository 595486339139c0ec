/** IncrementalAlterConfigs (44): changes single configs of a topic and leaves the others. */
import { api } from '../../api.js';
import { checkConfigs, effectiveConfig, type ConfigOverrides } from '../../topic-config.js';
import * as t from '../../wire/codec.js';
import { ErrorCode, refusal, type Refusal } from '../../wire/error-code.js';
import { alterConfigsResponse, alterTopics } from './alter-configs.js';

const Operation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;

const change = t.struct({ name: t.string, operation: t.int8, value: t.nullableString });

type Change = t.Infer<typeof change>;

export const incrementalAlterConfigs = api({
  request: t.struct({
    resources: t.array(t.struct({ type: t.int8, name: t.string, changes: t.array(change) })),
    validateOnly: t.bool,
  }),
  response: alterConfigsResponse,
  handle({ resources, validateOnly }, { storage }) {
    return alterTopics(resources, validateOnly, storage, ({ changes }, overrides) =>
      apply(changes, overrides),
    );
  },
  refuse: ({ resources }, why) => ({
    results: resources.map(({ type, name }) => ({ type, name, ...why })),
  }),
});

function apply(changes: readonly Change[], before: ConfigOverrides): ConfigOverrides | Refusal {
  const after = new Map<string, string | null>(before);
  for (const { name, operation, value } of changes) {
    const items = effectiveConfig(before, name).split(',');
    const given = (value ?? '').split(',');
    switch (operation) {
      case Operation.SET:
        after.set(name, value);
        break;
      case Operation.DELETE:
        after.delete(name);
        break;
      case Operation.APPEND:
        after.set(name, [...new Set([...items, ...given])].join(','));
        break;
      case Operation.SUBTRACT:
        after.set(name, items.filter((item) => !given.includes(item)).join(','));
        break;
      default:
        return refusal(
          ErrorCode.INVALID_REQUEST,
          `Unknown operation ${String(operation)} on ${name}.`,
        );
    }
  }
  return checkConfigs([...after].map(([name, value]) => ({ name, value })));
}
