import type { Expected } from './forecast.js';
import type { ExpectedOutcome, LetterPlan, SkipCode } from './plan.js';

/** Letters of one reason: how many were looked at, and how many of them can be sent. */
export interface ReasonCount {
  readonly reasonCode: string | null;
  selected: number;
  replayable: number;
}

/** Letters of one campaign whose outcome could be foreseen, by that outcome. */
export interface CampaignCount {
  /** Null: of further coupons that have no campaign. */
  readonly couponId: number | null;
  /** Of those that can be sent. */
  readonly expected: Map<Expected, number>;
  /** Of those that are left out for it. */
  readonly excluded: Map<Expected, number>;
}

/** Letters may ask for any coupon, and name any topic: so many of them are counted one by one. */
const MOST_UNKNOWN = 20;

/** Counts what becomes of letters while they are planned. */
export class ReplayTally {
  selected = 0;
  replayable = 0;
  /** Of those that can be sent: their origin position holds another record or none, so the letter's copy is sent. */
  copies = 0;
  readonly skipped = new Map<SkipCode, number>();
  readonly reasons = new Map<string | null, ReasonCount>();
  /** Of those that can be sent, where they go: a letter's headers say it, and anybody may write them. */
  readonly topics = new Map<string, number>();
  /** Of those skipped as OTHER_TOPIC, what they name; null: further ones. */
  readonly otherTopics = new Map<string | null, number>();
  readonly campaigns = new Map<number | null, CampaignCount>();

  get skippedLetters(): number {
    return this.selected - this.replayable;
  }

  add(reasonCode: string | null, plan: LetterPlan): void {
    const reason = this.reasons.get(reasonCode) ?? { reasonCode, selected: 0, replayable: 0 };
    this.reasons.set(reasonCode, reason);
    this.selected += 1;
    reason.selected += 1;
    if (plan.kind === 'send') {
      this.replayable += 1;
      reason.replayable += 1;
      if (plan.isCopy) this.copies += 1;
      countOne(this.topics, plan.record.topic);
      if (plan.expected !== null) this.#addExpected(plan.expected, 'expected');
      return;
    }
    countOne(this.skipped, plan.code);
    if (plan.code === 'OTHER_TOPIC') {
      countOne(this.otherTopics, keyIn(this.otherTopics, plan.topic));
    } else if ('expected' in plan) {
      this.#addExpected(plan.expected, 'excluded');
    }
  }

  #addExpected({ couponId, outcome }: ExpectedOutcome, where: 'expected' | 'excluded'): void {
    const key = outcome === 'NOT_FOUND' ? keyIn(this.campaigns, couponId) : couponId;
    const campaign = this.campaigns.get(key) ?? {
      couponId: key,
      expected: new Map<Expected, number>(),
      excluded: new Map<Expected, number>(),
    };
    this.campaigns.set(key, campaign);
    countOne(campaign[where], outcome);
  }
}

/** Counts of several campaigns together. */
export function summed(
  counts: Iterable<ReadonlyMap<Expected, number>>,
): ReadonlyMap<Expected, number> {
  const sum = new Map<Expected, number>();
  for (const each of counts) {
    for (const [outcome, letters] of each) sum.set(outcome, (sum.get(outcome) ?? 0) + letters);
  }
  return sum;
}

/** What something is counted under: null once there are too many others. */
function keyIn<Key>(counts: ReadonlyMap<Key | null, unknown>, key: Key): Key | null {
  return counts.has(key) || counts.size < MOST_UNKNOWN ? key : null;
}

function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
