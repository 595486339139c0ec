import { userIdIn } from '../../../dead-letters/original-value.js';
import { couponIdOf } from '../../../dead-letters/filter.js';
import { LONGEST_CODE } from '../../../dead-letters/letter-groups.js';
import type { DeadLetter } from '../../../dead-letters/read.js';
import type { LetterRow } from '../wire/letters.js';
import { clipped } from '../../../text/clipped.js';

/** The longest name of a topic in Kafka. */
const LONGEST_TOPIC = 249;
const LONGEST_TEXT = 1000;

/** `longestText`: characters of the failure's reason. */
export function letterRowOf(letter: DeadLetter, longestText = LONGEST_TEXT): LetterRow {
  const { partition, offset, timestampMs, reasonCode, failureReason, origin } = letter;
  return {
    partition,
    offset: offset.toString(),
    timestampMs,
    reasonCode: reasonCode === null ? null : clipped(reasonCode, LONGEST_CODE),
    failureReason: failureReason === null ? null : clipped(failureReason, longestText),
    couponId: couponIdOf(letter),
    userId: userIdIn(letter),
    retryCount: letter.retryCount,
    replayCount: letter.replayCount,
    origin:
      origin === null
        ? null
        : {
            topic: clipped(origin.topic, LONGEST_TOPIC),
            partition: origin.partition,
            offset: origin.offset.toString(),
          },
  };
}
