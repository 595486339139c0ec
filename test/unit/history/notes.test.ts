import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import type { Happening } from '../../../src/history/happenings.js';
import { notesOn, type Noted } from '../../../src/history/notes.js';
import { historyNoteText } from '../../../src/words/en/history-notes.js';

const TWO_AM = Date.UTC(2026, 10, 27, 2);
const actor = { user: 'ops', host: 'web-1', pid: 4711 };

const QUIET: Noted = {
  period: { fromMs: TWO_AM, toMs: TWO_AM + 3_600_000 },
  topic: 'coupon-issue-requests',
  couponId: null,
  isKnown: true,
  countedSinceMs: TWO_AM,
  firstCampaignMs: TWO_AM - 3_600_000,
  asked: { records: [0, 1], failure: null },
  happenings: [],
  mostEvents: 200,
  isCut: false,
};

const codesOf = (noted: Partial<Noted>) => notesOn({ ...QUIET, ...noted }).map(({ code }) => code);
const textOf = (noted: Partial<Noted>) =>
  notesOn({ ...QUIET, ...noted })
    .map(historyNoteText)
    .join();

function started(run: string): Happening {
  const group = 'coupon-issue-group';
  const source = { clusterId: 'c', group, topic: 'coupon-issue-requests' };
  return {
    kind: 'CONSUMER_STARTED',
    id: 1,
    atMs: TWO_AM,
    actor,
    run,
    ...source,
    mode: 'single',
    members: 3,
  };
}

function stopped(run: string): Happening {
  const end = { group: 'coupon-issue-group', records: 5, errorCode: null };
  return { kind: 'CONSUMER_STOPPED', id: 2, atMs: TWO_AM + 1, actor, run, ...end };
}

describe('a history says', () => {
  it('nothing more where all is known', () => {
    expect(notesOn(QUIET)).toEqual([]);
    expect(codesOf({ happenings: [started('a'), stopped('a')] })).toEqual([]);
  });

  it('since when minutes are counted, where the period begins before', () => {
    const countedSinceMs = TWO_AM + 60_000;
    expect(textOf({ countedSinceMs })).toContain('since 2026-11-27 02:01:00 UTC');
    // Nothing was there to count.
    expect(codesOf({ countedSinceMs, firstCampaignMs: countedSinceMs + 1 })).toEqual([]);
    expect(codesOf({ countedSinceMs, firstCampaignMs: null })).toEqual([]);
  });

  it('that a coupon has no campaign, so that its zeros are not taken for a quiet sale', () => {
    expect(codesOf({ couponId: 7 })).not.toContain('NO_SUCH_CAMPAIGN');
    expect(codesOf({ isKnown: false })).toEqual([]);
    expect(textOf({ couponId: 7, isKnown: false })).toContain('Coupon 7 has no campaign');
  });

  it('why it is not known how many asked', () => {
    const failure = new CliError('BROKER_UNREACHABLE', 'No broker answers at b:9092.');
    expect(textOf({ asked: { records: [], failure } })).toContain('No broker answers at b:9092.');
    expect(codesOf({ asked: { records: [0, null], failure: null } })).toEqual(['LOG_DELETED']);
    expect(codesOf({ couponId: 7, asked: { records: [], failure: null } })).toEqual([
      'ASKED_OF_ALL_CAMPAIGNS',
    ]);
  });

  it('that events are left out', () => {
    expect(codesOf({ isCut: true })).toEqual(['EVENTS_LEFT_OUT']);
  });

  it('which consumers have no recorded end', () => {
    const noted = { happenings: [started('a'), started('b'), stopped('a')] };
    expect(notesOn({ ...QUIET, ...noted })).toMatchObject([{ started: [{ run: 'b' }] }]);
    expect(textOf(noted)).toContain('No end is recorded up to 2026-11-27 03:00:00 UTC');
    expect(textOf(noted)).toContain('web-1 (pid 4711');
  });
});
