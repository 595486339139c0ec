import { fingerprintOf } from '../../../src/records/fingerprint.js';
import { describe, expect, it } from 'vitest';
import { zeroOutcomes } from '../../../src/coupon/outcome.js';
import { audit, SimulatedPipeline, T0 } from './simulated-pipeline.js';

const codes = (report: Awaited<ReturnType<typeof audit>>): string[] =>
  report.findings.map(({ code }) => code);

describe('an audit of an honest pipeline', () => {
  it('passes on an empty topic and an empty store', async () => {
    expect(await audit(new SimulatedPipeline(3).evidence())).toEqual({
      verdict: 'PASS',
      records: 0,
      requests: 0,
      outcomes: zeroOutcomes(),
      unprocessed: 0,
      deadLettered: 0,
      findings: [],
      scope: {
        partitions: [0, 1, 2].map((partition) => ({
          partition,
          ...{ startOffset: 0n, endOffset: 0n, nextOffset: null },
        })),
        outcomes: 0,
        omissions: [{ code: 'NOTHING_COMPARED' }],
      },
    });
  });

  it('counts what waits behind an open transaction, and notes it', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.consume();
    pipeline.ask({ couponId: 1, userId: 2 });
    pipeline.ask({ couponId: 2, userId: 2 });
    pipeline.append('1', 'no JSON', 0);
    const evidence = pipeline.evidence();
    for (const bound of evidence.bounds) bound.stableEndOffset = 1n;
    const position = { topic: 'coupon-issue-requests', partition: 0, offset: 1n };
    const note = { code: 'NOTE_OPEN_TRANSACTION', couponId: null, position, records: 3 };
    const figures = { verdict: 'PASS', records: 4, requests: 3, unprocessed: 3 };
    expect(await audit(evidence)).toMatchObject({ ...figures, findings: [note] });
    expect(await audit(evidence, 2)).toMatchObject({
      records: 1,
      unprocessed: 1,
      findings: [note],
    });
  });

  it('counts every outcome of a sale with duplicates, repeats, poison and a late start', async () => {
    const pipeline = new SimulatedPipeline(3);
    pipeline.campaign(1, { totalQuantity: 2, validFromMs: T0 + 2, validUntilMs: T0 + 100 });
    pipeline.campaign(2, { status: 'INACTIVE' });
    pipeline.ask({ couponId: 1, userId: 9, timestampMs: T0 + 1 });
    const first = pipeline.ask({ couponId: 1, userId: 7, timestampMs: T0 + 2 });
    pipeline.ask({ couponId: 1, userId: 7 });
    pipeline.ask({ couponId: 1, userId: 7, eventId: first });
    pipeline.ask({ couponId: 1, userId: 8, timestampMs: T0 + 100 });
    pipeline.ask({ couponId: 1, userId: 9 });
    pipeline.ask({ couponId: 1, userId: 10, timestampMs: T0 + 101 });
    pipeline.ask({ couponId: 2, userId: 7 });
    pipeline.ask({ couponId: 3, userId: 7 });
    pipeline.append('1', 'no JSON', 1);
    pipeline.append(null, null, 2);
    pipeline.consume();

    expect(await audit(pipeline.evidence())).toEqual({
      verdict: 'PASS',
      records: 11,
      requests: 9,
      outcomes: {
        ISSUED: 2,
        DUPLICATE: 1,
        SOLD_OUT: 1,
        EXPIRED: 1,
        NOT_STARTED: 1,
        INACTIVE: 1,
        NOT_FOUND: 1,
        DEAD_LETTERED: 2,
      },
      unprocessed: 0,
      deadLettered: 2,
      findings: [],
      scope: {
        partitions: pipeline.evidence().bounds.map(({ partition, startOffset, endOffset }) => ({
          ...{ partition, startOffset, endOffset },
          nextOffset: endOffset === 0n ? null : endOffset,
        })),
        outcomes: 10,
        omissions: [],
      },
    });
  });

  it('passes while requests are pending, and says how many', async () => {
    const pipeline = new SimulatedPipeline(2);
    pipeline.campaign(1);
    for (let userId = 1; userId <= 10; userId += 1) pipeline.ask({ couponId: 1, userId });
    pipeline.ask({ couponId: 2, userId: 1 });
    pipeline.consumePartition(1, 4);

    const report = await audit(pipeline.evidence());
    expect(report).toMatchObject({ verdict: 'PASS', records: 11, unprocessed: 7, findings: [] });
    expect(report.outcomes).toMatchObject({ ISSUED: 3, SOLD_OUT: 1 });
  });

  it('judges each request by the terms that the campaign had when it was decided', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.consume();
    pipeline.campaign(1, { totalQuantity: 1 });
    pipeline.ask({ couponId: 1, userId: 2 });
    pipeline.ask({ couponId: 1, userId: 3 });
    pipeline.consume();
    pipeline.campaign(1, { totalQuantity: 2 });
    pipeline.ask({ couponId: 1, userId: 3 });
    pipeline.consume();
    pipeline.campaign(1, { status: 'INACTIVE' });
    pipeline.ask({ couponId: 1, userId: 4 });
    pipeline.consume();

    const report = await audit(pipeline.evidence());
    expect(report.findings).toEqual([]);
    expect(report.outcomes).toMatchObject({ NOT_FOUND: 1, ISSUED: 2, SOLD_OUT: 1, INACTIVE: 1 });
  });

  it('accepts that a dead-lettered request is decided when it is replayed', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 1, userId: 2 });
    pipeline.append('1', '{}');
    pipeline.consume(Infinity, ({ offset }) => offset === 0n);
    pipeline.replay();
    pipeline.consume();

    const report = await audit(pipeline.evidence());
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ records: 4, requests: 3, deadLettered: 2 });
    expect(report.outcomes).toMatchObject({ ISSUED: 2, DEAD_LETTERED: 2 });
  });

  it('accepts a second letter of one origin, as a crash leaves it', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.append('1', 'poison');
    pipeline.consume();
    const evidence = pipeline.evidence();
    evidence.letters.push(...evidence.letters);
    expect(await audit(evidence)).toMatchObject({ verdict: 'PASS', deadLettered: 1 });
  });

  it('accepts a log that was read again from its start after a reset', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 1, userId: 2 });
    pipeline.append('1', 'poison');
    pipeline.consume(Infinity, ({ offset }) => offset === 0n);
    pipeline.forgetPositions();
    const forgotten = await audit(pipeline.evidence());
    expect(forgotten.verdict).toBe('PASS');
    expect(codes(forgotten)).toEqual(['NOTE_POSITION_FORGOTTEN']);

    pipeline.consume();
    const report = await audit(pipeline.evidence());
    expect(report.findings).toEqual([]);
    expect(report.outcomes).toMatchObject({ ISSUED: 2, DEAD_LETTERED: 1 });
  });

  it('replays what Kafka has deleted from the rows, and counts only what the log holds', async () => {
    const pipeline = new SimulatedPipeline(2);
    pipeline.campaign(1, { totalQuantity: 2 });
    for (let userId = 1; userId <= 4; userId += 1) pipeline.ask({ couponId: 1, userId });
    pipeline.append('1', 'poison', 1);
    pipeline.append('2', 'poison', 0);
    pipeline.consume();
    pipeline.retain(1, 3n);
    pipeline.retain(0, 1n);
    const evidence = pipeline.evidence();
    evidence.letters.splice(0, 1);

    const report = await audit(evidence);
    expect(report).toMatchObject({ verdict: 'PASS', records: 2, requests: 1, findings: [] });
    expect(report.outcomes).toMatchObject({ ISSUED: 0, SOLD_OUT: 1, DEAD_LETTERED: 1 });
  });

  it('accepts records that Kafka deletes while the audit reads', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    for (let userId = 1; userId <= 4; userId += 1) pipeline.ask({ couponId: 1, userId });
    pipeline.consume();
    const evidence = pipeline.evidence();
    evidence.records.splice(0, 2);
    expect(await audit(evidence)).toMatchObject({ verdict: 'PASS', records: 2 });
  });

  it('notes a campaign whose requests sit on two partitions, and still passes', async () => {
    const pipeline = new SimulatedPipeline(2);
    pipeline.campaign(1, { totalQuantity: 2 });
    pipeline.campaign(2);
    const event = pipeline.ask({ couponId: 1, userId: 1, partition: 1 });
    pipeline.ask({ couponId: 1, userId: 2, partition: 0 });
    pipeline.ask({ couponId: 1, userId: 1, partition: 0, eventId: event });
    pipeline.ask({ couponId: 1, userId: 3, partition: 1 });
    pipeline.ask({ couponId: 2, userId: 3, partition: 1 });
    pipeline.consume(1);
    pipeline.consume();

    const report = await audit(pipeline.evidence());
    expect(report.verdict).toBe('PASS');
    expect(report.findings).toEqual([
      {
        code: 'NOTE_SPLIT_CAMPAIGN',
        couponId: 1,
        position: null,
        partitions: [0, 1],
      },
    ]);
    expect((await audit(pipeline.evidence(), 2)).findings).toEqual([]);
  });

  it('accepts a repeat on another partition, whatever its offset there', async () => {
    const pipeline = new SimulatedPipeline(2);
    pipeline.campaign(1);
    pipeline.ask({ couponId: 1, userId: 1, partition: 1 });
    const event = pipeline.ask({ couponId: 1, userId: 2, partition: 1 });
    pipeline.ask({ couponId: 1, userId: 2, partition: 0, eventId: event });
    pipeline.consumePartition(1);
    pipeline.consumePartition(0);

    const report = await audit(pipeline.evidence());
    expect(codes(report)).toEqual(['NOTE_SPLIT_CAMPAIGN']);
    expect(report.outcomes.ISSUED).toBe(2);
  });

  it('expects an outcome of each user that a producer gave one eventId to', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    const event = pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 1, userId: 1, eventId: event });
    pipeline.ask({ couponId: 1, userId: 2, eventId: event });
    pipeline.ask({ couponId: 2, userId: 1, eventId: event });
    pipeline.consume();

    const report = await audit(pipeline.evidence());
    expect(report).toMatchObject({ verdict: 'PASS', records: 4, findings: [] });
    expect(report.outcomes).toMatchObject({ ISSUED: 2, NOT_FOUND: 1 });

    const evidence = pipeline.evidence();
    evidence.tables.outcomes.pop();
    expect(codes(await audit(evidence))).toEqual(['REQUEST_LOST']);
  });

  it('is the same before and after a store of version 0.1 is migrated', async () => {
    const pipeline = new SimulatedPipeline(1, '0.1');
    pipeline.campaign(1, { totalQuantity: 2 });
    const event = pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 1, userId: 1, eventId: event });
    for (let userId = 2; userId <= 4; userId += 1) pipeline.ask({ couponId: 1, userId });
    pipeline.append('1', 'poison');
    pipeline.consume();
    const before = await audit(pipeline.evidence());
    expect(before).toMatchObject({ verdict: 'PASS', findings: [] });

    pipeline.migrate();
    expect(await audit(pipeline.evidence())).toEqual(before);
  });

  it('misses what version 0.1 skipped, until the log is read again', async () => {
    const pipeline = new SimulatedPipeline(1, '0.1');
    pipeline.campaign(1);
    const event = pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 1, userId: 2, eventId: event });
    pipeline.ask({ couponId: 1, userId: 3 });
    pipeline.consume();
    pipeline.migrate();
    const skipped = await audit(pipeline.evidence());
    expect(skipped.findings).toMatchObject([
      { code: 'REQUEST_LOST', request: { userId: 2 }, maybeSkippedBy01: true },
    ]);

    pipeline.forgetPositions();
    pipeline.ask({ couponId: 1, userId: 4 });
    pipeline.consume();
    const report = await audit(pipeline.evidence());
    expect(report).toMatchObject({ verdict: 'PASS', findings: [] });
    expect(report.outcomes).toMatchObject({ ISSUED: 3, SOLD_OUT: 1 });
  });

  it('notes dead letters that a purge of the DLQ has deleted', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.append('1', 'poison');
    pipeline.append('1', 'poison');
    pipeline.consume();
    const purged = pipeline.evidence();
    purged.dlqBounds = [{ partition: 0, startOffset: 1n, endOffset: 2n, stableEndOffset: 2n }];
    purged.letters.shift();
    expect(await audit(purged)).toMatchObject({
      verdict: 'PASS',
      findings: [{ code: 'NOTE_LETTERS_NOT_VERIFIABLE', missing: 1, hasDlq: true }],
    });

    const without = pipeline.evidence();
    without.dlqBounds = null;
    without.letters.length = 0;
    expect(codes(await audit(without))).toEqual(['NOTE_LETTERS_NOT_VERIFIABLE']);
    expect((await audit(without, 2)).findings).toEqual([]);
  });

  it('counts one campaign alone when asked to, unreadable records by their key', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.campaign(2);
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 2, userId: 1 });
    pipeline.ask({ couponId: 2, userId: 2 });
    pipeline.append('2', 'poison');
    pipeline.append('two', 'poison');
    pipeline.consume();
    pipeline.ask({ couponId: 2, userId: 3 });

    expect(await audit(pipeline.evidence(), 2)).toMatchObject({
      verdict: 'PASS',
      records: 4,
      requests: 3,
      outcomes: { ISSUED: 2, DEAD_LETTERED: 1 },
      unprocessed: 1,
      deadLettered: 1,
    });
  });

  it('accepts another group that writes into the same store', async () => {
    const pipeline = new SimulatedPipeline(1);
    pipeline.campaign(1);
    pipeline.ask({ couponId: 1, userId: 1 });
    pipeline.ask({ couponId: 1, userId: 2 });
    pipeline.consume();
    const evidence = pipeline.evidence();
    const [stored] = evidence.tables.positions;
    const [first] = evidence.records;
    if (stored !== undefined && first !== undefined) {
      const lastApplied = fingerprintOf(first);
      evidence.tables.positions.push({ ...stored, group: 'other', nextOffset: 1n, lastApplied });
    }
    expect(await audit(evidence)).toMatchObject({ verdict: 'PASS', unprocessed: 0, findings: [] });
    evidence.group = 'other';
    expect(await audit(evidence)).toMatchObject({ verdict: 'PASS', unprocessed: 1, findings: [] });
    evidence.group = 'third';
    expect(await audit(evidence)).toMatchObject({ verdict: 'PASS', unprocessed: 2, findings: [] });
  });
});
