import { describe, expect, it } from 'vitest';
import type { Beat } from '../../../../src/serve/console/wire/events.js';
import { PageState } from '../../../../src/serve/web/state.js';
import { campaignsData, groupData } from '../../../support/console/sale.js';

describe('what the page knows', () => {
  it('tells those who subscribed to a part, and no others', () => {
    const state = new PageState();
    const told: string[] = [];
    state.subscribe('group', () => told.push('group'));
    const unsubscribe = state.subscribe('beat', () => told.push('beat'));
    state.apply('beat', beat(1));
    state.apply('campaigns', JSON.stringify({ asOfMs: 1, data: campaignsData(), failure: null }));
    unsubscribe();
    state.apply('beat', beat(2));
    state.apply('group', JSON.stringify({ asOfMs: 1, data: groupData(), failure: null }));
    expect(told).toEqual(['beat', 'group']);
    expect(state.get('group')?.data?.totalLag).toBe(groupData().totalLag);
  });

  it('keeps the objects of what has not changed, so that it is not drawn again', () => {
    const state = new PageState();
    const data = campaignsData();
    state.apply('campaigns', JSON.stringify({ asOfMs: 1, data, failure: null }));
    const before = state.get('campaigns')?.data;
    const [first, ...others] = data.campaigns;
    const campaigns = [{ ...first, issuedQuantity: 1 }, ...others];
    state.apply(
      'campaigns',
      JSON.stringify({ asOfMs: 2, data: { ...data, campaigns }, failure: null }),
    );
    const after = state.get('campaigns')?.data;
    expect(after?.campaigns[0]).not.toBe(before?.campaigns[0]);
    expect(after?.campaigns[0]?.issuedQuantity).toBe(1);
    expect(after?.campaigns[1]).toBe(before?.campaigns[1]);
    expect(after?.outcomes).toBe(before?.outcomes);
  });

  it('takes from the beat when a part was read last, and leaves its data the same', () => {
    const state = new PageState();
    state.apply('group', JSON.stringify({ asOfMs: 1, data: groupData(), failure: null }));
    const before = state.get('group')?.data;
    state.apply('beat', beat(9, { group: 8 }));
    expect(state.get('group')?.asOfMs).toBe(8);
    expect(state.get('group')?.data).toBe(before);
    expect(state.get('campaigns')).toBeUndefined();
  });

  it('calls no listener for what is the same', () => {
    const state = new PageState();
    let told = 0;
    const json = JSON.stringify({ asOfMs: 1, data: groupData(), failure: null });
    state.apply('group', json);
    state.subscribe('group', () => (told += 1));
    state.apply('group', json);
    expect(told).toBe(0);
  });
});

function beat(atMs: number, read: Partial<Beat['asOfMs']> = {}): string {
  const asOfMs = { group: null, campaigns: null, letters: null, advice: null, ...read };
  return JSON.stringify({ atMs, asOfMs } satisfies Beat);
}
