import type { Lookup } from './objects.js';

/** How kafkajs finds a request, whose answer is changed before kafkajs looks for errors in it. */
export function changingLookup<Answer>(
  broker: { readonly lookupRequest: Lookup },
  change: (answer: Answer) => Answer,
): Lookup {
  return (apiKey, definition) => {
    const protocol = broker.lookupRequest(apiKey, definition);
    return (options) => {
      const found = protocol(options);
      const { decode, parse } = found.response;
      const response = { decode, parse: (data: unknown) => parse(change(data as Answer)) };
      return { ...found, response };
    };
  };
}
