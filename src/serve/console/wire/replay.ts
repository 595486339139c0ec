import type { Decision, OutcomeCounts } from '../../../coupon/outcome.js';
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
  /** Of the cluster that it sends to. */
  readonly clusterId: string;
  /** Letters that match. */
  readonly selected: number;
  readonly replayable: number;
  /** Where they go, most of them first: a letter's headers say it, and a forged one may name any topic. At most 50. */
  readonly topics: readonly { readonly topic: string; readonly replayable: number }[];
  /** Topics that letters name as their origin and that are not sent to. At most 21; null: further ones. */
  readonly otherTopics: readonly { readonly topic: string | null; readonly letters: number }[];
  /** Of the letters that can be sent: their origin is not in Kafka any more, so that the letter's copy is sent. */
  readonly copies: number;
  /** What the group is expected to decide, by campaign and outcome. At most 50. */
  readonly expected: readonly ExpectedLetters[];
  /** What to do before, so that letters that are left out can be issued. At most 10. */
  readonly steps: readonly {
    readonly code: string;
    readonly couponId: number;
    readonly command: string | null;
    readonly text: Worded;
  }[];
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

export interface ExpectedLetters {
  /** Null: of further coupons without a campaign. */
  readonly couponId: number | null;
  /** Null: there is no such campaign. */
  readonly stockLeft: number | null;
  /** Requests that the group decides before: each may take one of the stock. */
  readonly waitingAhead: number | null;
  /** REPEATED: it was decided before, and that outcome stands. */
  readonly outcome: Decision | 'REPEATED';
  readonly letters: number;
  /** Of them, those that can be sent. */
  readonly replayable: number;
}
