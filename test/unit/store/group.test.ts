import { describe, expect, it } from 'vitest';
import {
  STORE_UNREACHABLE,
  StoreUnavailableError,
  type ApplyBatch,
} from '../../../src/ports/coupon-store.js';
import type { NewEvent } from '../../../src/ports/store-history.js';
import { applyTogether, measured, type ApplyInOne } from '../../../src/store/group.js';

function batch(partition: number): ApplyBatch {
  return {
    source: { clusterId: 'c', group: 'g', topic: 't', partition },
    expectedOffset: null,
    entries: [],
    nextOffset: 1n,
    lastApplied: { offset: 0n, timestampMs: 0, checksum: 0 },
  };
}

const EVENT: NewEvent = {
  ...{ atMs: 1, actor: { user: 'u', host: 'h', pid: 1 } },
  ...{ kind: 'LETTERS_PURGED', topic: 'dlq', letters: 1 },
};
const GROUP = { batches: [batch(0), batch(1)], events: [EVENT] };

/** A store whose transactions fail as `failure` says; it notes each: partitions, and "event". */
function store(failure: (written: readonly (number | string)[]) => Error | null) {
  const tried: (readonly (number | string)[])[] = [];
  const apply: ApplyInOne = ({ batches, events }) => {
    const written = [
      ...batches.map(({ source }) => source.partition),
      ...events.map(() => 'event'),
    ];
    tried.push(written);
    const error = failure(written);
    return error === null
      ? Promise.resolve(batches.map(() => ({ kind: 'applied', applied: [] })))
      : Promise.reject(error);
  };
  return { tried, apply };
}

const APPLIED = { kind: 'applied' };
const refused = new Error('refused');
const FAILED = { kind: 'failed', error: refused };

describe('batches and events that wait together', () => {
  it('share a transaction', async () => {
    const { tried, apply } = store(() => null);

    const answer = await applyTogether(GROUP, apply);

    expect(answer).toMatchObject({ results: [APPLIED, APPLIED], eventsFailure: null });
    expect(tried).toEqual([[0, 1, 'event']]);
  });

  it('lose no batch to an event that can not be written', async () => {
    const { tried, apply } = store((written) => (written.includes('event') ? refused : null));

    const answer = await applyTogether(GROUP, apply);

    expect(answer).toMatchObject({ results: [APPLIED, APPLIED], eventsFailure: FAILED });
    expect(tried).toEqual([[0, 1, 'event'], [0, 1], ['event']]);
  });

  it('lose no event to a batch that is refused', async () => {
    const { tried, apply } = store((written) => (written.includes(1) ? refused : null));

    const answer = await applyTogether(GROUP, apply);

    expect(answer).toMatchObject({ results: [APPLIED, FAILED], eventsFailure: null });
    expect(tried).toEqual([[0, 1, 'event'], [0, 1], [0], [1], ['event']]);
  });

  it('are not written again where they may have been committed', async () => {
    const lost = new StoreUnavailableError(STORE_UNREACHABLE, 'gone');
    const { tried, apply } = store(() => lost);

    const answer = await applyTogether(GROUP, apply);

    const failed = { kind: 'failed', error: lost };
    expect(answer).toMatchObject({ results: [failed, failed], eventsFailure: failed });
    expect(tried).toHaveLength(1);
  });
});

it('events alone are no transaction of batches to who measures those', async () => {
  const { apply } = store(() => null);
  const heard: number[] = [];
  const measuredApply = measured(apply, ({ batches }) => heard.push(batches));

  await applyTogether({ batches: [], events: [EVENT] }, measuredApply);
  await applyTogether(GROUP, measuredApply);

  expect(heard).toEqual([2]);
});
