import { matchesFilter } from '../../../dead-letters/filter.js';
import { LONGEST_CODE } from '../../../dead-letters/letter-groups.js';
import type { LetterScan } from '../../../dead-letters/replay/run.js';
import { scanLetters } from '../../../dead-letters/scan.js';
import { clipped } from '../../../text/clipped.js';
import { inTurns } from '../letters/turns.js';

/**
 * As scanLetters, and gives the console's viewers their turn meanwhile, also where a filter rarely matches. `onLook`
 * is told of each letter. Throws InterruptedError once the signal aborts.
 */
export function lettersInTurns(signal: AbortSignal, onLook: () => void): LetterScan {
  return async function* (reader, query) {
    const { filter } = query;
    const { partition } = filter;
    // The rest of the filter is asked here, so that letters that do not match have their turns as well.
    const looked = partition === undefined ? {} : { partition };
    const all = scanLetters(reader, { ...query, filter: looked });
    for await (const { record, letter } of inTurns(all, signal)) {
      onLook();
      if (!matchesFilter(letter, filter)) continue;
      const { reasonCode } = letter;
      // A plan keeps it for each reason, and anybody writes one, at any length.
      const short = reasonCode === null ? null : clipped(reasonCode, LONGEST_CODE);
      yield { record, letter: { ...letter, reasonCode: short } };
    }
  };
}
