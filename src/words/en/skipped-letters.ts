import type { SkipCode } from '../../dead-letters/replay/plan.js';

/** Why a letter is not sent again. */
export const SKIPPED_BECAUSE: Readonly<Record<SkipCode, string>> = {
  ALREADY_REPLAYED: 'replayed before; --again sends it again',
  REPLAYED_TOO_OFTEN: 'replayed too often; --again sends it anyway',
  NOT_A_REQUEST: 'would fail again: fix the producer',
  ORIGINAL_LOST: 'cut in the dead letter, and deleted from the log',
  NO_SUCH_TOPIC: 'its topic does not exist',
  OTHER_TOPIC: 'from another topic; --allow-topic sends it there',
  TOO_LARGE: 'does not fit its topic',
  ALREADY_DECIDED: 'decided already; --again sends it anyway',
  WOULD_BE_REJECTED: 'rejected for good if sent; --include-rejected sends it',
};
