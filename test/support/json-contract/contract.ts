/**
 * The JSON of docs/contract.md, field by field. The objects are strict: a field that is missing, of
 * another type, or not in the contract fails the test that reads it.
 */
import { z } from 'zod';
import { DECISIONS } from '../../../src/coupon/outcome.js';
import {
  count,
  ms,
  offset,
  openTransactions,
  time,
  topicName,
  code,
  position,
  outcomes,
  outcome,
  failure,
} from './fields.js';

export * from './cluster.js';
export { history } from './history.js';
export { status } from './status.js';
export { failure };

export const campaign = z.strictObject({
  couponId: z.int().positive(),
  name: z.string().nullable(),
  totalQuantity: count,
  issuedQuantity: count,
  status: z.enum(['ACTIVE', 'INACTIVE']),
  validFrom: time.nullable(),
  validUntil: time.nullable(),
});

const termsVersion = z.strictObject({
  version: z.int().positive(),
  at: time,
  changedBy: z.string().min(1).nullable(),
  ...{ name: campaign.shape.name, totalQuantity: count, status: campaign.shape.status },
  ...{ validFrom: time.nullable(), validUntil: time.nullable() },
  changes: z.array(
    z.strictObject({
      term: z.enum(['name', 'totalQuantity', 'status', 'validFrom', 'validUntil']),
      from: z.union([z.string(), z.number()]).nullable(),
      to: z.union([z.string(), z.number()]).nullable(),
    }),
  ),
});

export const campaignShown = campaign.extend({
  lastIssuedAt: time.nullable(),
  soldOutAt: time.nullable(),
  versions: z.array(termsVersion).optional(),
});

export const campaignList = z.strictObject({ campaigns: z.array(campaign) });

const producedFields = {
  requested: count,
  acknowledged: count,
  failed: count,
  elapsedMs: ms,
  perSecond: count,
  partitions: z.array(z.strictObject({ partition: count, acknowledged: count })),
};

export const produced = z.strictObject(producedFields);

/** How far it came stands beside the error. */
export const produceFailed = z.strictObject({ ...producedFields, ...failure.shape });

export const consumed = z.strictObject({
  mode: z.enum(['single', 'batch', 'scheduler']),
  concurrency: z.int().positive(),
  records: count,
  outcomes,
  repeated: count,
  retries: count,
  deadLettered: count,
  elapsedMs: ms,
  firstRecordAt: time.nullable(),
  lastCommitAt: time.nullable(),
  perSecond: count,
  latencyMs: z.strictObject({ p50: ms.nullable(), p99: ms.nullable() }),
});

/** One line of `consume --progress json`. */
export const consumeProgress = z.strictObject({
  at: time,
  records: count,
  perSecond: count,
  outcomes,
  repeated: count,
  retries: count,
  outages: z.array(z.string().min(1)),
  lag: count.nullable(),
});

export const lag = z.strictObject({
  group: z.string().min(1),
  state: z.string().min(1),
  members: count,
  totalLag: count,
  status: z.enum(['OK', 'CAUTION', 'WARNING', 'STALLED', 'STOPPED']),
  trend: z.enum(['falling', 'steady', 'growing']).nullable(),
  inPerSecond: z.number().nullable(),
  outPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  partitions: z.array(
    z.strictObject({
      topic: topicName,
      partition: count,
      committedOffset: offset.nullable(),
      startOffset: offset,
      endOffset: offset,
      stableEndOffset: offset,
      lag: count,
      timeLagMs: ms.nullable(),
      memberId: z.string().min(1).nullable(),
      pid: z.number().int().positive().nullable(),
      clientId: z.string().nullable(),
      host: z.string().nullable(),
    }),
  ),
  offlinePartitions: z.array(z.strictObject({ topic: topicName, partition: count })),
  openTransactions,
  missingTopics: z.array(topicName),
  presence: z.enum(['present', 'uncommitted', 'unknown', 'hidden']),
  hotPartition: z
    .strictObject({
      topic: topicName,
      partition: count,
      lag: count,
      share: z.number().min(0).max(1),
    })
    .nullable(),
  idleMembers: z.array(z.strictObject({ clientId: z.string(), host: z.string() })),
  unreadableMembers: z.array(z.strictObject({ clientId: z.string(), host: z.string() })),
  abandonedTopics: z.array(z.strictObject({ topic: topicName, lag: count })),
  recentDeadLetters: count.nullable(),
  notes: z.array(z.string().min(1)),
  noteCodes: z.array(code),
});

/** One line of `lag --watch`. */
export const lagLine = lag.extend({ at: time, asOf: time });

/** One line of it while there is no answer. */
export const unknownLagLine = lagLine.extend({
  state: z.null(),
  members: z.null(),
  totalLag: z.null(),
  status: z.null(),
});

export const advice = z.strictObject({
  observedMs: ms,
  findings: z.array(
    z.strictObject({
      code,
      severity: z.enum(['info', 'warning', 'critical']),
      message: z.string().min(1),
    }),
  ),
  steps: z.array(
    z.strictObject({
      order: z.int().positive(),
      code,
      action: z.string().min(1),
      command: z.string().min(1),
      why: z.string().min(1),
      expected: z.string().min(1),
      limits: z.string().min(1),
    }),
  ),
});

/** Null where no store says which letters were replayed. */
const replays = { replayed: count.nullable(), waiting: count.nullable() };

export const dlqCount = z.strictObject({
  topic: topicName,
  count,
  ...replays,
  partitions: z.array(z.strictObject({ partition: count, count, ...replays })),
  openTransactions,
});

/** One message of `dlq peek`, and the document of `dlq show`. */
export const dlqLetter = z.strictObject({
  partition: count,
  offset,
  timestamp: time.nullable(),
  key: z.union([z.string(), z.strictObject({ base64: z.string() })]).nullable(),
  originalEvent: z.unknown(),
  failureReason: z.string().nullable(),
  reasonCode: code.nullable(),
  retryCount: count.nullable(),
  lastAttemptAt: time.nullable(),
  stackTrace: z.string().nullable(),
  origin: position.nullable(),
  schemaId: count.nullable(),
  replayCount: count,
  headers: z.record(z.string(), z.unknown()),
  replayed: z.boolean().nullable(),
  replayedAt: time.nullable(),
});

export const dlqPeek = z.strictObject({
  topic: topicName,
  total: count,
  matched: count.nullable(),
  newestFirst: z.boolean(),
  messages: z.array(dlqLetter),
  openTransactions,
});

const seen = { count: z.int().positive(), firstSeen: time, lastSeen: time };

export const dlqStats = z.strictObject({
  topic: topicName,
  total: count,
  matched: count,
  ...replays,
  ungrouped: count,
  firstSeen: time.nullable(),
  lastSeen: time.nullable(),
  reasons: z.array(z.strictObject({ reasonCode: code.nullable(), ...seen })),
  failures: z.array(
    z.strictObject({
      reasonCode: code.nullable(),
      failure: z.string().nullable(),
      ...seen,
      waiting: count.nullable(),
      example: z.strictObject({ partition: count, offset }),
    }),
  ),
  producers: z.array(
    z.strictObject({ producer: z.string().nullable(), knownBy: z.string().nullable(), ...seen }),
  ),
  coupons: z.array(z.strictObject({ couponId: z.int().positive().nullable(), ...seen })),
  hours: z.array(z.strictObject({ hour: time, count: z.int().positive() })),
  /** With --by minute. */
  minutes: z.array(z.strictObject({ minute: time, count: z.int().positive() })).optional(),
  openTransactions,
});

/** Letters by what they are expected to become. */
const expected = z.partialRecord(z.enum([...DECISIONS, 'REPEATED']), z.int().positive());

const replayedFields = {
  selected: count,
  replayed: count,
  skipped: count,
  dryRun: z.boolean(),
  replayable: count,
  skippedBecause: z.record(code, z.int().positive()),
  reasons: z.array(
    z.strictObject({ reasonCode: code.nullable(), selected: count, replayable: count }),
  ),
  topics: z.array(z.strictObject({ topic: topicName, replayable: count })),
  target: z.strictObject({
    context: z.string().nullable(),
    clusterId: z.string(),
    brokers: z.array(z.string()),
    topic: topicName,
    group: z.string(),
  }),
  campaigns: z.array(
    z.strictObject({
      couponId: z.int().positive().nullable(),
      stockLeft: count.nullable(),
      stockLeftAfter: count.nullable(),
      waitingAhead: count.nullable(),
      expected,
      excluded: expected,
    }),
  ),
  expected,
  excluded: expected,
  otherTopics: z.array(z.strictObject({ topic: topicName.nullable(), letters: count })),
  copies: count,
  steps: z.array(
    z.strictObject({
      code,
      couponId: z.int().positive(),
      letters: z.int().positive(),
      command: z.string().nullable(),
      why: z.string(),
    }),
  ),
};

export const dlqReplayed = z.strictObject({
  ...replayedFields,
  /** With --wait. */
  outcomes: outcomes.optional(),
  pending: count.optional(),
});

/** How far it came stands beside the error. */
export const dlqReplayFailed = z.strictObject({ ...replayedFields, ...failure.shape });

export const dlqPurged = z.strictObject({
  topic: topicName,
  selected: count,
  deleted: count,
  dryRun: z.boolean(),
  waiting: count.nullable(),
  openTransactions,
  partitions: z.array(
    z.strictObject({
      partition: count,
      startOffset: offset,
      beforeOffset: offset,
      endOffset: offset,
      selected: count,
      undated: count.nullable(),
      undatedOffsets: z.array(offset).nullable(),
      kept: z
        .strictObject({
          due: count,
          endOffset: offset,
          behind: z.strictObject({ offset, timestamp: time }),
        })
        .nullable(),
    }),
  ),
});

export const issuedExported = z.strictObject({ file: z.string(), exported: count });

export const dlqExported = z.strictObject({ topic: topicName, file: z.string(), exported: count });

/** The value of a record in the DLQ. */
export const deadLetter = z.strictObject({
  originalEvent: z.unknown(),
  failureReason: z.string().min(1),
  retryCount: count,
  lastAttemptAt: time,
  stackTrace: z.string(),
});

export const issuedCoupon = z.strictObject({
  couponId: z.int().positive(),
  userId: z.int().positive(),
  sequence: z.int().positive(),
  eventId: z.string().min(1),
  issuedAt: time,
  position,
});

export const issuedList = z.strictObject({ issued: z.array(issuedCoupon), total: count });

/** A code, its sentence, and data of that code. */
const reason = z.looseObject({ code, message: z.string().min(1) });

const couponOfUser = {
  couponId: z.int().positive(),
  userId: z.int().positive(),
  status: z.enum(['ISSUED', 'PENDING', 'FAILED', 'NOT_REQUESTED']),
  outcome: outcome.nullable(),
  sequence: z.int().positive().nullable(),
  issuedAt: time.nullable(),
  eventId: z.string().min(1).nullable(),
  reason: reason.nullable(),
  requests: z.array(
    z.strictObject({
      eventId: z.string().min(1).nullable(),
      outcome: outcome.nullable(),
      position,
      timestamp: time.nullable(),
      reason,
    }),
  ),
  next: z
    .strictObject({ code, why: z.string().min(1), command: z.string().startsWith('coupons ') })
    .nullable(),
};

const lookedUp = {
  deadLetters: z.array(
    z.strictObject({
      partition: z.int().nonnegative(),
      offset,
      timestamp: time.nullable(),
      origin: position.nullable(),
      reasonCode: z.string().nullable(),
      failureReason: z.string().nullable(),
      couponId: z.int().positive().nullable(),
      userId: z.int().positive().nullable(),
      wasReplayed: z.boolean(),
    }),
  ),
  isComplete: z.boolean(),
  notes: z.array(z.string().min(1)),
  noteCodes: z.array(code),
  lookedAt: z.strictObject({
    partitions: z.array(
      z.strictObject({
        topic: z.string().min(1),
        partition: z.int().nonnegative(),
        startOffset: offset,
        endOffset: offset,
        storeOffset: offset.nullable(),
      }),
    ),
    deadLetters: z.strictObject({ looked: count, total: count }).nullable(),
  }),
};

export const issuedShow = z.strictObject({ ...couponOfUser, ...lookedUp });

/** Without --coupon. */
export const issuedShowAll = z.strictObject({
  userId: z.int().positive(),
  coupons: z.array(z.strictObject(couponOfUser)),
  ...lookedUp,
});

export const audit = z.strictObject({
  verdict: z.enum(['PASS', 'FAIL']),
  records: count,
  requests: count,
  outcomes,
  unprocessed: count,
  deadLettered: count,
  findings: z.array(
    z.strictObject({
      code,
      couponId: z.int().positive().nullable(),
      message: z.string().min(1),
      position: position.nullable(),
    }),
  ),
  compared: z.strictObject({
    outcomes: count,
    partitions: z.array(
      z.strictObject({
        partition: count,
        startOffset: offset,
        endOffset: offset,
        nextOffset: offset.nullable(),
      }),
    ),
  }),
  notCompared: z.array(z.strictObject({ code, message: z.string().min(1) })),
  elapsedMs: ms,
});

/** What `serve` prints when it listens. */
export const serve = z.strictObject({
  url: z.url(),
  metricsUrl: z.url(),
  readOnly: z.boolean(),
});
export type Serve = z.infer<typeof serve>;

export const demo = z.strictObject({
  verdict: z.enum(['PASS', 'FAIL']),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      expected: z.union([z.string(), z.number()]),
      actual: z.union([z.string(), z.number()]),
      passed: z.boolean(),
    }),
  ),
  elapsedMs: ms,
});

export const offsetsReset = z.strictObject({
  group: z.string(),
  topic: topicName,
  dryRun: z.boolean(),
  partitions: z.array(
    z.strictObject({ clusterId: z.string(), partition: count, nextOffset: offset }),
  ),
});

export const takenOver = z.strictObject({
  group: z.string(),
  topic: topicName,
  dryRun: z.boolean(),
  store: z.uuid(),
  previousStore: z.strictObject({ id: z.uuid(), host: z.string(), path: z.string() }).nullable(),
  partitions: z.array(
    z.strictObject({ partition: count, committedOffset: offset.nullable(), newOffset: offset }),
  ),
});

const spread = z.strictObject({ min: z.number(), median: z.number(), max: z.number() });

export const bench = z.strictObject({
  environment: z.strictObject({
    coupons: z.string(),
    node: z.string(),
    sqlite: z.string(),
    system: z.string(),
    processors: z.int().positive(),
    processor: z.string(),
    memoryBytes: z.int().positive(),
    syncedAppendsPerSecond: z.int().positive(),
    broker: z.string(),
    store: z.string(),
    members: z.int().positive(),
    latencyRequestsPerSecond: z.int().positive(),
  }),
  rows: z.array(
    z.strictObject({
      mode: z.enum(['scheduler', 'single', 'batch']),
      requests: count,
      elapsedMs: ms,
      perSecond: z.number().positive(),
      latencyMs: z.strictObject({ p50: z.number(), p99: z.number() }),
      issued: count,
      runs: z.int().positive(),
      tenThousandMs: ms,
      extrapolated: z.boolean(),
      spread: z.strictObject({ perSecond: spread, p50Ms: spread, p99Ms: spread }),
      audit: z.enum(['PASS', 'FAIL']),
    }),
  ),
});
