/** The JSON of `coupons history` (docs/contract.md). */
import { z } from 'zod';
import { code, count, ms, outcomes, time, topicName } from './fields.js';

const figures = {
  asked: count.nullable(),
  outcomes,
  deadLetters: z.record(code, z.int().positive()),
};

const who = { at: time, by: z.string().min(1), pid: z.int().positive() };
const run = z.uuid();
const group = z.string().min(1);
const partitions = z.array(count);
const couponId = z.int().positive();
const offset = z.string().regex(/^\d+$/);
const forgottenPosition = z.strictObject({
  ...{ clusterId: z.string().min(1), partition: count, nextOffset: offset },
  ...{ lastAppliedOffset: offset, lastAppliedMs: z.int(), lastAppliedChecksum: count },
  lastOutcomeId: count,
});
const value = z.union([z.string(), z.number()]).nullable();

const terms = {
  at: time,
  by: z.string().min(1).nullable(),
  pid: z.null(),
  couponId,
  version: z.int().positive(),
  name: z.string().nullable(),
  totalQuantity: count,
  status: z.enum(['ACTIVE', 'INACTIVE']),
  validFrom: time.nullable(),
  validUntil: time.nullable(),
  changes: z.array(z.strictObject({ term: z.string(), from: value, to: value })),
};

const event = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('CONSUMER_STARTED'), ...who, run, group, topic: topicName },
    ...{ clusterId: z.string().min(1), mode: z.enum(['single', 'batch', 'scheduler']) },
    members: z.int().positive(),
  }),
  z.strictObject({
    ...{ kind: z.literal('CONSUMER_STOPPED'), ...who, run, group, records: count },
    errorCode: code.nullable(),
  }),
  z.strictObject({
    ...{ kind: z.literal('PARTITIONS_ASSIGNED'), ...who, run, group, partitions },
    member: z.int().positive(),
  }),
  z.strictObject({
    ...{ kind: z.literal('OUTAGE'), ...who, run, elapsedMs: ms },
    of: z.enum(['broker', 'store', 'dlq']),
    what: z.string().optional(),
  }),
  z.strictObject({
    ...{ kind: z.literal('LETTERS_REPLAYED'), ...who, topic: topicName },
    ...{ sent: count, failed: count, letters: count, run, endedBy: code.nullable() },
  }),
  z.strictObject({
    ...{ kind: z.literal('REPLAY_BEGUN'), ...who, topic: topicName, letters: count, run },
  }),
  z.strictObject({
    ...{ kind: z.literal('REPLAY_NOT_ENDED'), ...who, topic: topicName, letters: count, run },
    sent: count,
  }),
  z.strictObject({
    ...{ kind: z.literal('LETTERS_PURGED'), ...who, topic: topicName, letters: count },
  }),
  z.strictObject({
    ...{ kind: z.literal('OFFSETS_RESET'), ...who, group, topic: topicName, partitions },
    forgotten: z.array(forgottenPosition).optional(),
  }),
  z.strictObject({
    ...{ kind: z.literal('STORE_TAKEN_OVER'), ...who, group, topic: topicName, partitions },
  }),
  z.strictObject({
    ...{ kind: z.literal('PARTITIONS_ADDED'), ...who, topic: topicName, from: count, to: count },
  }),
  z.strictObject({
    ...{ kind: z.literal('AUDITED'), ...who, couponId: couponId.nullable() },
    ...{ verdict: z.enum(['PASS', 'FAIL']), records: count, findings: count },
    ...{ unprocessed: count, elapsedMs: ms },
  }),
  z.strictObject({ kind: z.literal('CAMPAIGN_CREATED'), ...terms }),
  z.strictObject({ kind: z.literal('CAMPAIGN_CHANGED'), ...terms }),
  z.strictObject({
    ...{ kind: z.literal('CAMPAIGN_SOLD_OUT'), at: time, by: z.null(), pid: z.null() },
    ...{ couponId, totalQuantity: count, lastUserId: z.int().positive().nullable() },
  }),
]);

export const history = z.strictObject({
  from: time,
  to: time,
  by: z.enum(['auto', 'minute', 'hour']),
  bucketMs: z.int().positive(),
  couponId: couponId.nullable(),
  countedSince: time,
  buckets: z.array(z.strictObject({ at: time, ...figures })),
  events: z.array(event),
  totals: z.strictObject(figures),
  notes: z.array(z.string().min(1)),
  noteCodes: z.array(code),
});
