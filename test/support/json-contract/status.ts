/** The JSON of `coupons status` (docs/contract.md, docs/status.md). */
import { z } from 'zod';
import { code, count, failure, ms, offset, time, topicName } from './fields.js';

const partitions = z.array(count);
const name = z.string().min(1);

const event = z.looseObject({ at: time, by: name, pid: z.int().positive(), kind: code });

const campaign = z.strictObject({
  ...{ couponId: z.int().positive(), name: z.string().nullable() },
  ...{ status: z.enum(['ACTIVE', 'INACTIVE']), onSale: z.boolean() },
  ...{ totalQuantity: count, issuedQuantity: count, left: z.int(), issuedPerMinute: count },
  ...{ decided: count, soldOutAt: time.nullable() },
  ...{ validFrom: time.nullable(), validUntil: time.nullable() },
});

export const status = z.strictObject({
  at: time,
  verdict: z.enum(['OK', 'CAUTION', 'WARNING', 'UNKNOWN', 'CRITICAL']),
  findings: z.array(
    z.strictObject({
      code,
      severity: z.enum(['caution', 'warning', 'unknown', 'critical']),
      message: name,
      command: name,
    }),
  ),
  unread: z.array(
    z.strictObject({
      part: z.enum(['cluster', 'topics', 'group', 'store', 'campaigns', 'letters', 'events']),
      error: failure.shape.error,
    }),
  ),
  context: name.nullable(),
  cluster: z
    .strictObject({
      clusterId: name,
      brokers: z.array(z.strictObject({ id: count, address: name, answers: z.boolean() })),
    })
    .nullable(),
  topics: z
    .array(
      z.strictObject({
        ...{ name: topicName, exists: z.boolean(), partitions: count },
        ...{ offline: partitions, silentLeaders: partitions, underReplicated: partitions },
      }),
    )
    .nullable(),
  group: z
    .strictObject({
      ...{ group: name, state: name, members: count, totalLag: count, timeLagMs: ms.nullable() },
      ...{ inPerSecond: z.number().nullable(), outPerSecond: z.number().nullable() },
      ratesSince: time.nullable(),
      trend: z.enum(['falling', 'steady', 'growing']).nullable(),
      etaSeconds: z.number().nullable(),
    })
    .nullable(),
  members: z
    .array(
      z.strictObject({
        ...{ host: name, pid: z.int().positive().nullable() },
        mode: z.enum(['single', 'batch', 'scheduler']).nullable(),
        clientIds: z.array(z.string()),
        partitions: z.array(z.strictObject({ topic: topicName, partition: count })),
        store: name.nullable(),
      }),
    )
    .nullable(),
  store: z
    .strictObject({
      ...{ path: name, id: name, topic: topicName, mismatch: code.nullable() },
      partitions: z.array(
        z.strictObject({
          ...{ partition: count, endOffset: offset },
          ...{ nextOffset: offset.nullable(), committedOffset: offset.nullable() },
        }),
      ),
    })
    .nullable(),
  campaigns: z
    .strictObject({
      ...{ total: count, onSale: count, decided: count.nullable(), decidedSince: time },
      mostActive: z.array(campaign),
    })
    .nullable(),
  deadLetters: z
    .strictObject({
      ...{ exists: z.boolean(), total: count.nullable(), behindOpenTransaction: count },
      ...{ replayed: count.nullable(), replayedUnknown: z.string().nullable() },
      ...{ recent: count, recentMs: ms },
      latest: z.array(
        z.strictObject({ reasonCode: z.string().nullable(), letters: z.int().positive() }),
      ),
    })
    .nullable(),
  events: z
    .strictObject({
      lastAudit: event.nullable(),
      outcomesSinceAudit: z.boolean().nullable(),
      recent: z.array(event),
    })
    .nullable(),
});
