/** Which dead letters a store remembers as replayed. */
import type { Fingerprint, Source } from './source.js';

/** One dead letter of one DLQ; a recreated DLQ may have another one at its offset. */
export interface LetterIdentity extends Fingerprint {
  readonly clusterId: string;
  readonly topic: string;
  readonly partition: number;
}

/** Letters of one partition, from `fromOffset` up to but without `toOffset`. */
export interface LetterRange extends Omit<Source, 'group'> {
  readonly fromOffset: bigint;
  readonly toOffset: bigint;
  /** Only letters with this timestamp or a later one: a DLQ that was deleted and recreated had older ones at the same offsets. */
  readonly sinceMs: number;
}
