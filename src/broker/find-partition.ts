/** The look-up that all APIs about partitions share. */
import type { RequestContext } from './api.js';
import type { Partition } from './storage/catalog.js';
import { ErrorCode, refusal, type Refusal } from './wire/error-code.js';

/** The partition that a request names, or why nothing can be done with it. */
export function findPartition(
  context: RequestContext,
  topic: string,
  number: number,
): Partition | Refusal {
  const fault = partitionFault(context, topic, number);
  if (fault !== null) return fault;
  const found = context.storage.catalog.partition(topic, number);
  if (found !== undefined) return found;
  const message = `There is no partition ${String(number)} of topic '${topic}'.`;
  return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message);
}

/** The error that a test wants for this partition (null: for the topic), or null. */
export function partitionFault(
  { fault }: RequestContext,
  topic: string,
  partition: number | null,
): Refusal | null {
  if (fault === null || typeof fault.outcome === 'string') return null;
  return fault.isAbout(topic, partition) ? fault.outcome : null;
}
