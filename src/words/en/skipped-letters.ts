import type { SkipCode } from '../../dead-letters/replay/plan.js';

/** Why a letter is not sent again. */
export const SKIPPED_BECAUSE: Readonly<Record<SkipCode, string>> = {
  ALREADY_REPLAYED: 'replayed before; --again sends it again',
  REPLAYED_TOO_OFTEN: 'replayed too often; --again sends it anyway',
  NOT_A_REQUEST: 'would fail again: fix the producer',
  ORIGINAL_LOST: 'cut in the dead letter, and deleted from the log',
  NO_SUCH_TOPIC: 'its topic does not exist',
  OTHER_TOPIC: 'names another topic as its origin; --allow-topic sends it there',
  TOO_LARGE: 'does not fit its topic',
  ALREADY_DECIDED: 'decided already, so nothing would happen; --again sends it anyway',
  WOULD_BE_REJECTED: 'would be rejected for good; --include-rejected sends it anyway',
};
