/** Kafka's rule for topic names. */
import { MAX_TOPIC_NAME_LENGTH } from './limits.js';

export function isValidTopicName(name: string): boolean {
  return (
    /^[a-zA-Z0-9._-]+$/.test(name) &&
    name.length <= MAX_TOPIC_NAME_LENGTH &&
    name !== '.' &&
    name !== '..'
  );
}
