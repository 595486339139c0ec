import { changingLookup } from './changed-answers.js';
import type { FetchAnswer, FetchRequest, InnerBroker, RawBroker } from './objects.js';

const OFFSET_OUT_OF_RANGE = 1;

/**
 * Fetches from several partitions. One whose offset is not in its log (any more) gives no messages;
 * kafkajs's own fetch fails for the others as well.
 */
export function fetchWithinRange(broker: InnerBroker, request: FetchRequest): Promise<FetchAnswer> {
  const lookupRequest = changingLookup(broker as RawBroker, withoutRangeErrors);
  const accepting = Object.create(broker, { lookupRequest: { value: lookupRequest } }) as RawBroker;
  return accepting.fetch(request);
}

interface RawFetch {
  readonly responses: readonly {
    readonly partitions: readonly { readonly errorCode: number }[];
  }[];
}

function withoutRangeErrors(answer: RawFetch): RawFetch {
  const responses = answer.responses.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((partition) =>
      partition.errorCode === OFFSET_OUT_OF_RANGE ? { ...partition, errorCode: 0 } : partition,
    ),
  }));
  return { ...answer, responses };
}
