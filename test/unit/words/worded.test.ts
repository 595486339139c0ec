import { describe, expect, it } from 'vitest';
import type { Worded } from '../../../src/words/languages.js';
import {
  wordedAdviceFinding,
  wordedAdviceStep,
  wordedAuditFinding,
  wordedAuditOmission,
  wordedLagNotes,
  wordedLookUpNote,
  wordedReason,
  wordedReplayStep,
  wordedSkip,
} from '../../../src/words/worded.js';
import {
  ADVICE_FINDINGS,
  ADVICE_STEPS,
  AUDIT_FINDINGS,
  AUDIT_OMISSIONS,
  LAG_NOTES,
  LOOK_UP_NOTES,
  NAMES,
  REASONS,
  REPLAY_STEPS,
  SKIP_CODES,
} from './samples.js';

/** A partition of two topics: notes then name the topic. */
const places = ['coupon-issue-requests', 'another'].map((topic) => ({ topic, partition: 5 }));

const SENTENCES: readonly Worded[] = [
  ...ADVICE_FINDINGS.map(wordedAdviceFinding),
  ...ADVICE_STEPS.map(wordedAdviceStep).flatMap(({ action, why, expected, limits }) => [
    action,
    why,
    expected,
    limits,
  ]),
  ...[places, places.slice(1)].flatMap((offlinePartitions) =>
    wordedLagNotes({ notes: LAG_NOTES, partitions: [], offlinePartitions }).map(({ text }) => text),
  ),
  ...AUDIT_FINDINGS.map(wordedAuditFinding),
  wordedAuditFinding({ code: 'ROW_BEYOND_LOG', couponId: 7, position: null, unlisted: 41 }),
  ...AUDIT_OMISSIONS.map(wordedAuditOmission),
  ...SKIP_CODES.map(wordedSkip),
  ...REASONS.map(wordedReason),
  ...LOOK_UP_NOTES.map(wordedLookUpNote),
  ...REPLAY_STEPS.map((step) => wordedReplayStep(step).text),
];

/** "`coupons advise`" */
function commandsIn(text: string): readonly string[] {
  return (text.match(/`[^`]+`/g) ?? []).toSorted();
}

/** Figures, codes, options and names: what both languages have in the same letters. */
function factsIn(text: string): readonly string[] {
  const figures = text.match(/\d([\d,.]*\d)?/g) ?? [];
  const codes = text.match(/\b[A-Z]+(_[A-Z]+)+\b|--\w+/g) ?? [];
  return [...figures, ...codes, ...NAMES.filter((name) => text.includes(name))];
}

describe('in Korean', () => {
  it('each sentence is Korean', () => {
    for (const { en, ko } of SENTENCES) {
      expect(ko, en).toMatch(/[가-힣]/);
      expect(ko, en).not.toMatch(/undefined|null|NaN|\[object/);
    }
  });

  it('each sentence has the commands of the English one', () => {
    expect(SENTENCES.filter(({ en }) => commandsIn(en).length > 0).length).toBeGreaterThan(10);
    for (const { en, ko } of SENTENCES) expect(commandsIn(ko), en).toEqual(commandsIn(en));
  });

  it('each sentence has the figures and names of the English one', () => {
    const lacking = SENTENCES.flatMap(({ en, ko }) => {
      const facts = factsIn(en).filter((fact) => !ko.includes(fact));
      return facts.length === 0 ? [] : [{ en, ko, facts }];
    });
    expect(lacking).toEqual([]);
  });
});
