import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit, SimulatedPipeline, T0 } from './simulated-pipeline.js';
import { COUPON_TAMPERINGS } from './tampering-coupons.js';
import { LOG_TAMPERINGS } from './tampering-log.js';
import { OUTCOME_TAMPERINGS } from './tampering-outcomes.js';

const TAMPERINGS = [...COUPON_TAMPERINGS, ...OUTCOME_TAMPERINGS, ...LOG_TAMPERINGS];

const couponId = fc.integer({ min: 1, max: 3 });
const userId = fc.integer({ min: 1, max: 6 });

const action = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('ask'), couponId, userId }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat'), couponId, userId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('poison'), couponId, userId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('change'), couponId, userId }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('consume'), couponId, userId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail'), couponId, userId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay'), couponId, userId }) },
);

const sale = fc.record({
  partitions: fc.integer({ min: 1, max: 3 }),
  stock: fc.integer({ min: 1, max: 4 }),
  actions: fc.array(action, { minLength: 5, maxLength: 60 }),
});

type Sale = typeof sale extends fc.Arbitrary<infer T> ? T : never;

interface Run {
  readonly pipeline: SimulatedPipeline;
  readonly events: { readonly couponId: number; readonly eventId: string }[];
}

function step({ pipeline, events }: Run, { do: verb, ...ask }: Sale['actions'][number]): void {
  switch (verb) {
    case 'ask':
      events.push({ couponId: ask.couponId, eventId: pipeline.ask(ask) });
      return;
    case 'repeat':
      for (const event of events.slice(-ask.userId, 1 - ask.userId || undefined)) {
        pipeline.ask({ ...ask, ...event });
      }
      return;
    case 'poison':
      pipeline.append(String(ask.couponId), `poison ${ask.userId}`);
      return;
    case 'change':
      // Coupon 3 never becomes a campaign.
      if (ask.couponId === 3) return;
      pipeline.campaign(ask.couponId, { name: `for ${ask.userId}`, validFromMs: T0 + ask.userId });
      return;
    case 'consume':
      pipeline.consume(ask.userId);
      return;
    case 'fail':
      pipeline.consume(2, ({ offset }) => offset % 2n === 0n);
      return;
    case 'replay':
      pipeline.replay();
      return;
  }
}

function run({ partitions, stock, actions }: Sale): SimulatedPipeline {
  const pipeline = new SimulatedPipeline(partitions);
  pipeline.campaign(1, { totalQuantity: stock });
  const started: Run = { pipeline, events: [] };
  for (const each of actions) step(started, each);
  return pipeline;
}

describe('an audit of any sale', () => {
  it('passes in the middle of it, at its end, after a reset and after retention', async () => {
    await fc.assert(
      fc.asyncProperty(sale, fc.nat(), async (plan, cut) => {
        const pipeline = run(plan);
        const expectPass = async (): Promise<void> => {
          const report = await audit(pipeline.evidence());
          expect(report.findings.filter(({ code }) => !code.startsWith('NOTE_'))).toEqual([]);
          expect(report.verdict).toBe('PASS');
        };
        await expectPass();
        pipeline.consume();
        await expectPass();
        pipeline.forgetPositions();
        await expectPass();
        pipeline.consume();
        await expectPass();
        for (const { partition, endOffset } of pipeline.evidence().bounds) {
          pipeline.retain(partition, BigInt(cut) % (endOffset + 1n));
        }
        await expectPass();
      }),
    );
  });

  it('accounts for every record: outcomes, repeats and what is pending add up', async () => {
    await fc.assert(
      fc.asyncProperty(sale, async (plan) => {
        const pipeline = run(plan);
        const evidence = pipeline.evidence();
        const report = await audit(evidence);
        const withOutcome = Object.values(report.outcomes).reduce((sum, count) => sum + count, 0);
        expect(report.records).toBe(evidence.records.length);
        expect(withOutcome).toBe(evidence.tables.outcomes.length);
        expect(withOutcome + report.unprocessed).toBeLessThanOrEqual(report.records);
      }),
    );
  });

  for (const { name, code, tamper } of TAMPERINGS) {
    it(`fails with ${code} wherever ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(sale, fc.nat(), async (plan, choice) => {
          const pipeline = run(plan);
          pipeline.consume();
          const evidence = pipeline.evidence();
          fc.pre(tamper(evidence, choice));
          const { verdict, findings } = await audit(evidence);
          expect(verdict).toBe('FAIL');
          expect(findings.map((finding) => finding.code)).toContain(code);
        }),
        { numRuns: 50 },
      );
    });
  }
});
