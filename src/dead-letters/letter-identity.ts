import type { LetterIdentity } from '../ports/replayed-letters.js';
import type { LogRecord } from '../ports/log.js';
import { fingerprintOf } from '../records/fingerprint.js';

/** As the store remembers a letter that was replayed. */
export function letterIdentity(letter: LogRecord, clusterId: string): LetterIdentity {
  const { topic, partition } = letter;
  return { clusterId, topic, partition, ...fingerprintOf(letter) };
}
