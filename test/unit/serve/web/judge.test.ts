import { describe, expect, it } from 'vitest';
import { judge, type Facts } from '../../../../src/serve/web/verdict/judge.js';
import { auditData, campaignsData, groupData } from '../../../support/console/sale.js';

const failure = { code: 'BROKER_UNREACHABLE', message: 'No broker answers.', hint: null };

function facts(changes: Partial<Facts> = {}): Facts {
  return {
    stream: 'live',
    group: part(groupData({ status: 'OK', totalLag: 10, memberCount: 3, notes: [] })),
    campaigns: part({ ...campaignsData(), oversold: 0 }),
    audit: auditData(),
    beatMs: 1000,
    ...changes,
  };
}

function part<Data>(data: Data) {
  return { asOfMs: 1, data, failure: null };
}

describe('the verdict', () => {
  it('is that of the lag where nothing is broken', () => {
    expect(judge(facts())).toEqual({ code: 'OK', tone: 'good' });
    const behind = part(groupData({ status: 'STALLED', totalLag: 10 }));
    expect(judge(facts({ group: behind }))).toEqual({ code: 'STALLED', tone: 'bad' });
  });

  it('is a broken promise before any lag', () => {
    const oversold = part({ ...campaignsData(), oversold: 1 });
    const { last } = auditData();
    if (last === null) throw new Error('The scripted audit has run.');
    const audit = { ...auditData(), last: { ...last, verdict: 'FAIL' as const } };
    expect(judge(facts({ campaigns: oversold, audit }))?.code).toBe('OVERSOLD');
    expect(judge(facts({ audit }))).toEqual({ code: 'AUDIT_FAILED', tone: 'bad' });
  });

  it('is not known where Kafka can’t be read, whatever it was before', () => {
    const group = { ...part(groupData()), failure };
    expect(judge(facts({ group }))).toEqual({ code: 'UNKNOWN', tone: 'bad' });
  });

  it('is not known where the last reading is old, though none has failed yet', () => {
    expect(judge(facts({ beatMs: 5001 }))?.code).toBe('OK');
    expect(judge(facts({ beatMs: 5002 }))).toEqual({ code: 'UNKNOWN', tone: 'bad' });
  });

  it('is not green where the store can’t be read, and not of an old reading of it', () => {
    const campaigns = { ...part(campaignsData()), failure };
    expect(judge(facts({ campaigns }))).toEqual({ code: 'STORE_UNKNOWN', tone: 'bad' });
    const group = { ...facts().group, asOfMs: 10_000 } as Facts['group'];
    expect(judge(facts({ group, beatMs: 10_001 }))?.code).toBe('STORE_UNKNOWN');
    const stalled = part(groupData({ status: 'STALLED', totalLag: 10 }));
    expect(judge(facts({ group: stalled, campaigns }))?.code).toBe('STALLED');
    const resting = part(groupData({ status: 'OK', totalLag: 0, memberCount: 0, notes: [] }));
    expect(judge(facts({ group: resting, campaigns }))?.code).toBe('IDLE');
  });

  it('is none before the group was read, and none of an old reading without a connection', () => {
    expect(judge(facts({ group: undefined }))).toBeNull();
    expect(judge(facts({ stream: 'connecting' }))).toBeNull();
    expect(judge(facts({ stream: 'lost' }))).toEqual({ code: 'LOST', tone: 'neutral' });
  });

  it('tells a group that rests from one that never was', () => {
    const resting = groupData({ status: 'OK', totalLag: 0, memberCount: 0, notes: [] });
    expect(judge(facts({ group: part(resting) }))?.code).toBe('IDLE');
    const notes = [{ code: 'NO_SUCH_GROUP', text: { en: '', ko: '' } }];
    expect(judge(facts({ group: part({ ...resting, notes }) }))?.code).toBe('NO_GROUP');
  });
});
