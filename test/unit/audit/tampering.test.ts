import { describe, expect, it } from 'vitest';
import { MAX_FINDINGS_OF_A_KIND } from '../../../src/audit/findings.js';
import { audit, SimulatedPipeline, T0, type Evidence } from './simulated-pipeline.js';
import { COUPON_TAMPERINGS } from './tampering-coupons.js';
import { LOG_TAMPERINGS } from './tampering-log.js';
import { OUTCOME_TAMPERINGS } from './tampering-outcomes.js';

const TAMPERINGS = [...COUPON_TAMPERINGS, ...OUTCOME_TAMPERINGS, ...LOG_TAMPERINGS];

const codes = async (evidence: Evidence): Promise<string[]> =>
  (await audit(evidence)).findings.map(({ code }) => code);

/** Two campaigns on two partitions with every kind of failure, all of it honest. */
function busySale(): SimulatedPipeline {
  const pipeline = new SimulatedPipeline(2);
  pipeline.campaign(1, { totalQuantity: 3 });
  pipeline.campaign(2, { totalQuantity: 2 });
  const first = pipeline.ask({ couponId: 1, userId: 1 });
  for (let userId = 2; userId <= 5; userId += 1) pipeline.ask({ couponId: 1, userId });
  pipeline.ask({ couponId: 1, userId: 1, eventId: first });
  pipeline.ask({ couponId: 1, userId: 2 });
  for (let userId = 1; userId <= 4; userId += 1) pipeline.ask({ couponId: 2, userId });
  pipeline.append('1', 'poison', 1);
  pipeline.consume(4);
  pipeline.campaign(2, { name: 'renamed' });
  pipeline.consume(Infinity, ({ partition, offset }) => partition === 1 && offset === 4n);
  pipeline.replay();
  pipeline.consume();
  return pipeline;
}

describe('an audit of a store that was tampered with', () => {
  it('passes before anything was', async () => {
    expect(await codes(busySale().evidence())).toEqual([]);
  });

  for (const { name, code, tamper } of TAMPERINGS) {
    it(`fails with ${code} where ${name}`, async () => {
      const evidence = busySale().evidence();
      expect(tamper(evidence, 0)).toBe(true);
      expect((await audit(evidence)).verdict).toBe('FAIL');
      expect(await codes(evidence)).toContain(code);
    });
  }

  it('reports one wrong outcome once, not all that come after it', async () => {
    const evidence = busySale().evidence();
    const refused = evidence.tables.outcomes.find(({ outcome }) => outcome === 'DUPLICATE');
    if (refused !== undefined) refused.outcome = 'SOLD_OUT';
    expect((await audit(evidence)).findings).toEqual([
      {
        code: 'WRONG_OUTCOME',
        couponId: 1,
        userId: 2,
        position: { topic: 'coupon-issue-requests', partition: 1, offset: 6n },
        outcome: 'SOLD_OUT',
        due: 'DUPLICATE',
      },
    ]);
  });

  it('does not report those after a winner who was refused', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1, { totalQuantity: 1 });
    for (let userId = 1; userId <= 3; userId += 1) pipeline.ask({ couponId: 1, userId });
    pipeline.consume();
    const evidence = pipeline.evidence();
    const [winner] = evidence.tables.outcomes;
    if (winner !== undefined) Object.assign(winner, { outcome: 'SOLD_OUT', sequence: null });
    expect(await codes(evidence)).toEqual(['WRONG_WINNER', 'ISSUED_COUNT_WRONG']);
  });

  it('names user, coupon and position of a request that was skipped', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.ask({ couponId: 1, userId: 1, eventId: 'a' });
    pipeline.consume();
    pipeline.ask({ couponId: 1, userId: 2, eventId: 'b' });
    const evidence = pipeline.evidence();
    const [stored] = evidence.tables.positions;
    if (stored !== undefined) stored.nextOffset += 1n;
    expect((await audit(evidence)).findings).toEqual([
      {
        code: 'REQUEST_LOST',
        couponId: 1,
        position: { topic: 'coupon-issue-requests', partition: 0, offset: 1n },
        request: { userId: 2, eventId: 'b' },
        malformedCode: null,
        maybeSkippedBy01: false,
      },
    ]);
  });

  it('does not take a later request of the same event for the decision of an earlier one', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.ask({ couponId: 1, userId: 1, eventId: 'a' });
    pipeline.ask({ couponId: 1, userId: 1, eventId: 'a' });
    pipeline.consume();
    const evidence = pipeline.evidence();
    for (const row of evidence.tables.outcomes) {
      row.position = { ...row.position, offset: 1n };
      row.timestampMs += 1;
    }
    expect(await codes(evidence)).toEqual(['REQUEST_LOST']);
  });

  it('fails where a version goes back', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.campaign(1, { name: 'renamed' });
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 1, userId: 2 });
    pipeline.consume();
    const evidence = pipeline.evidence();
    const last = evidence.tables.outcomes.at(-1);
    if (last !== undefined) last.campaignVersion = 1;
    expect(await codes(evidence)).toEqual(['VERSION_WENT_BACK']);
  });

  it('judges by the time in the log, whatever time the row claims', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1, { validUntilMs: T0 });
    pipeline.ask({ couponId: 1, userId: 1, timestampMs: T0 + 1 });
    pipeline.consume();
    const evidence = pipeline.evidence();
    const [row] = evidence.tables.outcomes;
    if (row !== undefined) Object.assign(row, { timestampMs: T0, outcome: 'ISSUED' });
    expect(await codes(evidence)).toContain('WRONG_WINNER');
  });

  it('replays what Kafka has deleted, and finds a wrong outcome there', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1, { totalQuantity: 1 });
    for (let userId = 1; userId <= 3; userId += 1) pipeline.ask({ couponId: 1, userId });
    pipeline.consume();
    pipeline.retain(0, 3n);
    const evidence = pipeline.evidence();
    const [, refused] = evidence.tables.outcomes;
    if (refused !== undefined) refused.outcome = 'DUPLICATE';
    expect(await audit(evidence)).toMatchObject({ records: 0, verdict: 'FAIL' });
    expect(await codes(evidence)).toEqual(['WRONG_OUTCOME']);
  });

  it('does not compare rows with the log of another cluster', async () => {
    const evidence = busySale().evidence();
    evidence.clusterId = 'another-cluster';
    expect(await codes(evidence)).toEqual(['STORE_OF_ANOTHER_CLUSTER']);
    expect(await audit(evidence)).toMatchObject({ records: 13, unprocessed: 13 });
  });

  it('fails where the offsets of the group are of another store, whichever campaign was asked for', async () => {
    const evidence = busySale().evidence();
    const used = { id: 'other', host: 'host', path: '/other.db', sinceMs: 0, pid: null };
    evidence.mismatch = { code: 'OFFSETS_OF_ANOTHER_STORE', path: '/own.db', topic: 't', used };
    const { verdict, findings } = await audit(evidence, 1);
    expect(verdict).toBe('FAIL');
    expect(findings[0]).toMatchObject({ code: 'OFFSETS_OF_ANOTHER_STORE', position: null });
  });

  it('lists twenty findings of a kind and counts the rest', async () => {
    const pipeline = new SimulatedPipeline(1);
    for (let userId = 1; userId <= 50; userId += 1) pipeline.ask({ couponId: 1, userId });
    pipeline.consume();
    const evidence = pipeline.evidence();
    evidence.tables.outcomes.length = 0;
    const { findings } = await audit(evidence);
    expect(findings).toHaveLength(MAX_FINDINGS_OF_A_KIND + 1);
    expect(findings.at(-1)).toEqual({
      code: 'REQUEST_LOST',
      couponId: null,
      position: null,
      unlisted: 30,
    });
  });

  it('reports the campaign that was asked for, and no other', async () => {
    const evidence = busySale().evidence();
    const row = evidence.tables.outcomes.findIndex(({ couponId }) => couponId === 2);
    evidence.tables.outcomes.splice(row, 1);
    expect(await audit(evidence, 1)).toMatchObject({ verdict: 'PASS', findings: [] });
    const { verdict, findings } = await audit(evidence, 2);
    expect(verdict).toBe('FAIL');
    expect(findings.every(({ couponId }) => couponId === 2)).toBe(true);
  });
});
