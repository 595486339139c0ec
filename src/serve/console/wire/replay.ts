import type { OutcomeCounts } from '../../../coupon/outcome.js';
import type { Worded } from '../../../words/languages.js';
import type { LetterFilterData } from './letters.js';
import type { Failure } from './part.js';

/** POST /api/replays {filter}: the plan, once it is made; POST /api/replays/<id>/confirm; POST /api/replays/<id>/cancel. */
export interface ReplayData {
  readonly id: string;
  readonly filter: LetterFilterData;
  /**
   * planning: looks at the letters · planned: waits to be confirmed, for 10 minutes · sending · deciding: the group has
   * not decided all of them yet · done: it has, or has not within 5 minutes · failed: `replayed` of them are sent, and
   * another replay sends the rest · cancelled: likewise.
   */
  readonly phase: 'planning' | 'planned' | 'sending' | 'deciding' | 'done' | 'failed' | 'cancelled';
  /** Letters that were read for the plan so far, whether they match or not. */
  readonly looked: number;
  readonly plan: ReplayPlan | null;
  /** Sent and acknowledged so far. */
  readonly replayed: number;
  /** Of what was sent: by outcome, and not decided yet. Null before `deciding`. */
  readonly outcomes: { readonly outcomes: OutcomeCounts; readonly pending: number } | null;
  /** Why it failed or was cancelled; while deciding, why the latest look failed. Null: nothing has. */
  readonly failure: Failure | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

export interface ReplayPlan {
  /** Letters that match. */
  readonly selected: number;
  readonly replayable: number;
  /** Where they go, most of them first: a letter's headers say it, and a forged one may name any topic. At most 50. */
  readonly topics: readonly { readonly topic: string; readonly replayable: number }[];
  readonly skipped: readonly {
    readonly code: string;
    readonly count: number;
    readonly text: Worded;
  }[];
  /** The most frequent first; at most 50. */
  readonly reasons: readonly {
    readonly reasonCode: string | null;
    readonly selected: number;
    readonly replayable: number;
  }[];
}
