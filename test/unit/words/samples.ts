/** At least one finding, step, note or letter of each code, with figures that differ from one another. */
import type { AdviceFinding, AdviceFindingCode } from '../../../src/advice/finding.js';
import type { AdviceStep, AdviceStepCode } from '../../../src/advice/step.js';
import type { AuditFinding, FindingCode } from '../../../src/audit/finding.js';
import type { AuditOmission } from '../../../src/audit/scope.js';
import type { ReplayStep } from '../../../src/dead-letters/replay/first-steps.js';
import type { SkipCode } from '../../../src/dead-letters/replay/plan.js';
import type { LookUpNote } from '../../../src/issued/note.js';
import type { Reason } from '../../../src/issued/reason.js';
import type { LagNote, LagNoteCode } from '../../../src/lag/notes.js';
import type {
  OffsetsMismatch,
  StoreMismatch,
  StoreNotCompared,
} from '../../../src/ports/group-store.js';
import type { OpenTransaction } from '../../../src/ports/log.js';

/** By code, so that the compiler finds a missing one. */
type Samples<Coded, Code extends string> = {
  readonly [C in Code]: readonly (Coded & { readonly code: C })[];
};

function all<Coded>(samples: Readonly<Record<string, readonly Coded[]>>): readonly Coded[] {
  return Object.values(samples).flat();
}

/** What each sentence that names one has in both languages. */
export const NAMES = [
  ...['coupon-issue-group', 'coupon-issue-requests', 'its-cluster', 'this-cluster'],
  ...['its-event', 'issuer', '/data/coupons.db', '/srv/other.db', '@db.example.com'],
];

const topic = 'coupon-issue-requests';
const group = 'coupon-issue-group';
const path = '/data/coupons.db';
const bootstrap = 'kafka-a:9092';
const used = { id: 'other', host: 'issuer', path: '/srv/other.db', sinceMs: 0, pid: null };
const behind = { partition: 3, committedOffset: 7001n, nextOffset: 5002n };
const position = { topic, partition: 4, offset: 9003n };
const rates = { inPerSecond: 1234, outPerSecond: 56.7 };
const transactions: readonly OpenTransaction[] = [
  { topic, partition: 3, sinceOffset: 4005n, records: 6 },
  { topic, partition: 7, sinceOffset: 8n, records: 9 },
];

const ANOTHER: OffsetsMismatch = { code: 'OFFSETS_OF_ANOTHER_STORE', path, topic, used };
const DATABASE: OffsetsMismatch = {
  ...ANOTHER,
  used: { ...used, path: 'postgres://coupons@db.example.com/coupons' },
};
const AHEAD: OffsetsMismatch = { code: 'OFFSETS_AHEAD_OF_STORE', path, topic, behind };
const UNKNOWN: OffsetsMismatch = { ...AHEAD, behind: { ...behind, nextOffset: null } };
const NOT_COMPARED: StoreNotCompared = {
  code: 'STORE_NOT_COMPARED',
  path,
  failure: { code: 'STORE_BUSY', message: 'The store is locked.', hint: null },
};
const CLUSTER: StoreMismatch = {
  code: 'STORE_OF_ANOTHER_CLUSTER',
  path,
  storeClusterId: 'its-cluster',
  clusterId: 'this-cluster',
};

const severity = 'warning';

const FINDINGS: Samples<AdviceFinding, AdviceFindingCode> = {
  STORE_OF_ANOTHER_CLUSTER: [{ ...CLUSTER, severity, group }],
  OFFSETS_OF_ANOTHER_STORE: [
    { ...ANOTHER, severity, group },
    { ...DATABASE, severity, group },
  ],
  OFFSETS_AHEAD_OF_STORE: [
    { ...AHEAD, severity, group },
    { ...UNKNOWN, severity, group },
  ],
  NO_SUCH_GROUP: [
    { code: 'NO_SUCH_GROUP', severity, group, unread: 0 },
    { code: 'NO_SUCH_GROUP', severity, group, unread: 4321 },
  ],
  NO_MEMBERS: [{ code: 'NO_MEMBERS', severity, group, unread: 4321 }],
  KEEPS_UP: [
    { code: 'KEEPS_UP', severity, group, unread: 0, members: 3, ...rates },
    { code: 'KEEPS_UP', severity, group, unread: 0, members: 0, ...rates },
    { code: 'KEEPS_UP', severity, group, unread: 4321, members: 3, ...rates },
  ],
  LAG_NOT_KNOWN: [{ code: 'LAG_NOT_KNOWN', severity, group, topic, partitions: [2, 5] }],
  NO_COMMIT_SEEN: [{ code: 'NO_COMMIT_SEEN', severity, group, unread: 4321, observedMs: 15_000 }],
  FLOOD: [
    { code: 'FLOOD', severity, inPerSecond: 90_001, outPerSecond: 302, consumed: 4321, issued: 12 },
  ],
  PARTITIONS_MOVE_SALE: [
    {
      code: 'PARTITIONS_MOVE_SALE',
      severity,
      topic,
      partitions: 12,
      couponIds: [71, 72],
      unread: 4321,
    },
  ],
  STALLED: [{ code: 'STALLED', severity, group, members: 3, unread: 4321, observedMs: 15_000 }],
  CATCHING_UP: [{ code: 'CATCHING_UP', severity, group, unread: 4321, etaSeconds: 88, ...rates }],
  FALLS_BEHIND: [{ code: 'FALLS_BEHIND', severity, group, unread: 4321, ...rates }],
  BEHIND: [
    { code: 'BEHIND', severity, group, unread: 4321, etaSeconds: 660, ...rates },
    { code: 'BEHIND', severity, group, unread: 4321, etaSeconds: null, ...rates },
  ],
  TIME_PER_RECORD: [
    { code: 'TIME_PER_RECORD', severity, msPerRecord: 3.25, mode: null },
    { code: 'TIME_PER_RECORD', severity, msPerRecord: 42, mode: 'single' },
  ],
  IDLE_MEMBERS: [{ code: 'IDLE_MEMBERS', severity, idle: 2, members: 5, partitions: 3 }],
  MEMBERS_HIDDEN: [{ code: 'MEMBERS_HIDDEN', severity, group }],
  OPEN_TRANSACTION: [{ code: 'OPEN_TRANSACTION', severity, transactions }],
  HOT_KEY: [{ code: 'HOT_KEY', severity, key: '77', partition: 5, share: 0.92 }],
  BEYOND_ONE_HOST: (['sqlite', 'postgres'] as const).map((storeKind) => ({
    code: 'BEYOND_ONE_HOST',
    severity,
    inPerSecond: 90_001,
    hostPerSecond: 60_002,
    storeKind,
  })),
  MORE_CONSUMERS_WONT_HELP: [
    {
      code: 'MORE_CONSUMERS_WONT_HELP',
      severity,
      reason: { code: 'A_MEMBER_PER_PARTITION', members: 6, partitions: 3 },
    },
    {
      code: 'MORE_CONSUMERS_WONT_HELP',
      severity,
      reason: { code: 'ALL_UNREAD_PARTITIONS_BUSY' },
    },
  ],
  MORE_PARTITIONS_WONT_HELP: [
    { code: 'MORE_PARTITIONS_WONT_HELP', severity, hotKey: null },
    { code: 'MORE_PARTITIONS_WONT_HELP', severity, hotKey: '77' },
  ],
  DELETED_UNREAD: [{ code: 'DELETED_UNREAD', severity, topic, deletedOffsets: 345n }],
  RETENTION_RISK: [6, 8].map((days) => ({
    code: 'RETENTION_RISK',
    severity,
    topic,
    waitedMs: days * 86_400_000 + 7_200_000,
    retentionMs: 7 * 86_400_000,
  })),
  RETENTION_BYTES_RISK: [
    {
      code: 'RETENTION_BYTES_RISK',
      severity,
      topic,
      partition: 5,
      unreadBytes: 34 * 2 ** 20,
      retentionBytes: 36 * 2 ** 20,
    },
  ],
  STORE_NOT_READ: [
    {
      code: 'STORE_NOT_READ',
      severity,
      failure: { code: 'STORE_UNREACHABLE', message: 'It is away.', hint: null },
    },
  ],
  OFFLINE_PARTITION: [{ code: 'OFFLINE_PARTITION', severity, topic, partitions: [2, 5] }],
  LEADER_SILENT: [{ code: 'LEADER_SILENT', severity, topic, partitions: [2] }],
  WRITES_REFUSED: [
    { code: 'WRITES_REFUSED', severity, topic, partitions: [5], minInSyncReplicas: 2 },
  ],
  UNDER_REPLICATED: [{ code: 'UNDER_REPLICATED', severity, topic, partitions: [2, 5] }],
  REPLICATION_FACTOR_1: [1, 3].map((brokers) => ({
    code: 'REPLICATION_FACTOR_1',
    severity,
    topics: [topic, 'coupon-issue-dlq'],
    brokers,
  })),
  MIN_INSYNC_REPLICAS_1: [{ code: 'MIN_INSYNC_REPLICAS_1', severity, topics: [topic] }],
  MIN_INSYNC_REPLICAS_ALL: [{ code: 'MIN_INSYNC_REPLICAS_ALL', severity, topics: [topic] }],
  DLQ_GROWS: [{ code: 'DLQ_GROWS', severity, added: 12, total: 3456, observedMs: 15_000 }],
  DLQ_GREW: [{ code: 'DLQ_GREW', severity, added: 12, total: 3456, periodMs: 600_000 }],
  DLQ_NOT_EMPTY: [null, 0, 12, 3456].map((replayed) => ({
    ...{ code: 'DLQ_NOT_EMPTY', severity, total: 3456, replayed },
  })),
};

export const ADVICE_FINDINGS: readonly AdviceFinding[] = all<AdviceFinding>(FINDINGS);

const STEPS: Samples<AdviceStep, AdviceStepCode> = {
  USE_THE_GROUPS_STORE: [ANOTHER, AHEAD, CLUSTER].map((mismatch) => ({
    code: 'USE_THE_GROUPS_STORE',
    group,
    mismatch,
    host: 'here',
  })),
  START_CONSUMERS: [{ code: 'START_CONSUMERS', group, members: 4, partitions: 6, mode: 'batch' }],
  FIND_THE_PRODUCER: transactions.map((transaction) => ({
    code: 'FIND_THE_PRODUCER',
    transaction,
    bootstrap,
  })),
  REPAIR_REPLICAS: [{ code: 'REPAIR_REPLICAS', topic }],
  FIX_THE_STORE: [{ code: 'FIX_THE_STORE' }],
  READ_THE_LOG: [{ code: 'READ_THE_LOG', group, logPath: '/data/logs/application.log' }],
  WAIT: [{ code: 'WAIT', group, etaSeconds: 88, timeoutSeconds: 176 }],
  LEAVE_SCHEDULER: [{ code: 'LEAVE_SCHEDULER', group, members: 3, storeKind: 'sqlite' }],
  MORE_CONSUMERS: (['sqlite', 'postgres'] as const).flatMap((storeKind) =>
    [null, 1100].map((outPerSecond) => ({
      code: 'MORE_CONSUMERS',
      group,
      members: 4,
      running: 2,
      partitions: 6,
      mode: null,
      outPerSecond,
      storeKind,
    })),
  ),
  MORE_PARTITIONS: [[], [71, 72]].map((movedOnSale) => ({
    code: 'MORE_PARTITIONS',
    group,
    topic,
    partitions: 12,
    busiestShareNow: 0.67,
    busiestShareThen: 0.25,
    movedOnSale,
  })),
  OBSERVE_LONGER: [{ code: 'OBSERVE_LONGER', group, seconds: 150 }],
  FIND_WHY_DEAD_LETTERS_COME: [{ code: 'FIND_WHY_DEAD_LETTERS_COME' }],
  LIMIT_THE_PRODUCER: [
    { code: 'LIMIT_THE_PRODUCER', bootstrap, bytesPerSecond: 90_600, outPerSecond: 302 },
  ],
  DEACTIVATE_CAMPAIGN: [{ code: 'DEACTIVATE_CAMPAIGN', couponId: 71, share: 0.92, unread: 4321 }],
  BATCH_MODE: [null, 'single' as const].map((mode) => ({
    code: 'BATCH_MODE',
    group,
    members: 3,
    mode,
    storeKind: 'postgres',
  })),
  LARGER_BATCHES: [{ code: 'LARGER_BATCHES', group, members: 3, batchSize: 2000 }],
  KEEP_LONGER: [
    { age: { share: 0.93, newValue: 1_209_600_000 }, size: { share: 1.04, newValue: 2 ** 31 } },
    { age: null, size: { share: 0.93, newValue: 2 ** 31 } },
    { age: { share: 0.93, newValue: 1_209_600_000 }, size: null },
  ].map((reached) => ({ code: 'KEEP_LONGER', topic, bootstrap, ...reached })),
};

export const ADVICE_STEPS: readonly AdviceStep[] = all<AdviceStep>(STEPS);

const NOTES: Samples<LagNote, LagNoteCode> = {
  NO_SUCH_GROUP: [{ code: 'NO_SUCH_GROUP', group }],
  NOTHING_COMMITTED: [{ code: 'NOTHING_COMMITTED', group, topics: [topic, 'another'] }],
  MEMBERS_HIDDEN: [{ code: 'MEMBERS_HIDDEN', group }],
  OFFSETS_OF_ANOTHER_STORE: [
    { ...ANOTHER, group },
    { ...ANOTHER, path: used.path, group },
  ],
  OFFSETS_AHEAD_OF_STORE: [{ ...AHEAD, group }],
  STORE_NOT_COMPARED: [{ ...NOT_COMPARED, group }],
  PARTITION_OFFLINE: [{ code: 'PARTITION_OFFLINE', topic, partition: 5 }],
  TOPIC_MISSING: [{ code: 'TOPIC_MISSING', topic }],
  TOPIC_ABANDONED: [{ code: 'TOPIC_ABANDONED', topic, lag: 4321, group }],
  TOPIC_NOT_READ: [true, false].map((isDlq) => ({ code: 'TOPIC_NOT_READ', group, topic, isDlq })),
  RECENT_DEAD_LETTERS: [{ code: 'RECENT_DEAD_LETTERS', topic, letters: 4321, periodMs: 600_000 }],
  ASSIGNMENT_NOT_READABLE: [
    {
      code: 'ASSIGNMENT_NOT_READABLE',
      group,
      members: 9,
      unreadableMembers: ['a', 'b'].map((clientId) => ({ clientId, host: '/10.0.0.1' })),
    },
  ],
  HOT_PARTITION: [{ code: 'HOT_PARTITION', topic, partition: 5, lag: 4321, share: 0.678 }],
  IDLE_MEMBERS: [
    {
      code: 'IDLE_MEMBERS',
      group,
      members: 9,
      idleMembers: ['a', 'b', 'c', 'd', 'e', 'f', ''].map((clientId) => ({
        clientId,
        host: '/10.0.0.1',
      })),
    },
  ],
  OPEN_TRANSACTION: [
    { code: 'OPEN_TRANSACTION', transactions },
    { code: 'OPEN_TRANSACTION', transactions: transactions.slice(0, 1) },
  ],
  TIMESTAMP_UNIT: (['seconds', 'microseconds', 'nanoseconds'] as const).map((unit) => ({
    code: 'TIMESTAMP_UNIT',
    topic,
    unit,
    partitions: [2, 5],
  })),
  DELETED_UNREAD: [{ code: 'DELETED_UNREAD', topic, partition: 5, deletedOffsets: 345n }],
  COMMITTED_BEYOND_END: [
    {
      code: 'COMMITTED_BEYOND_END',
      topic,
      partition: 5,
      committedOffset: 700n,
      endOffset: 600n,
    },
  ],
};

export const LAG_NOTES: readonly LagNote[] = all<LagNote>(NOTES);

const general = { couponId: null, position: null } as const;
const ofCoupon = { couponId: 77, position: null } as const;
const at = { couponId: 77, position } as const;
const ofRule = { ...at, userId: 4242 } as const;
const first = { ...position, offset: 8001n };

const AUDIT: Samples<AuditFinding, FindingCode> = {
  STORE_OF_ANOTHER_CLUSTER: [
    {
      ...general,
      code: 'STORE_OF_ANOTHER_CLUSTER',
      storeClusterId: 'its-cluster',
      logClusterId: 'this-cluster',
    },
  ],
  OFFSETS_OF_ANOTHER_STORE: [{ ...general, ...ANOTHER, group }],
  OFFSETS_AHEAD_OF_STORE: [{ ...general, ...AHEAD, group }],
  POSITION_BEYOND_LOG: [null, 600n].map((endOffset) => ({
    code: 'POSITION_BEYOND_LOG',
    couponId: null,
    position,
    endOffset,
  })),
  POSITION_INCONSISTENT: [
    { code: 'POSITION_INCONSISTENT', couponId: null, position, lastAppliedOffset: 600n },
  ],
  RECORDS_DELETED_UNREAD: [
    { code: 'RECORDS_DELETED_UNREAD', couponId: null, position, startOffset: 600n },
  ],
  LOG_REPLACED: [{ code: 'LOG_REPLACED', couponId: null, position }],
  REQUEST_LOST: [
    {
      ...at,
      code: 'REQUEST_LOST',
      request: { userId: 4242, eventId: 'its-event' },
      malformedCode: null,
      maybeSkippedBy01: true,
    },
    {
      code: 'REQUEST_LOST',
      couponId: null,
      position,
      request: null,
      malformedCode: 'WRONG_TYPE',
      maybeSkippedBy01: false,
    },
  ],
  ROW_DOES_NOT_MATCH_RECORD: [
    {
      ...at,
      code: 'ROW_DOES_NOT_MATCH_RECORD',
      differences: [
        { field: 'userId', inRecord: 41, inRow: 43 },
        { field: 'eventId', inRecord: 'its-event', inRow: null },
      ],
    },
  ],
  DEAD_LETTERED_TWICE: [{ ...at, code: 'DEAD_LETTERED_TWICE', rows: 3 }],
  ROW_WITHOUT_RECORD: [{ ...at, code: 'ROW_WITHOUT_RECORD' }],
  ROW_BEYOND_OFFSET: [{ ...at, code: 'ROW_BEYOND_OFFSET', nextOffset: 600n }],
  ROW_BEYOND_LOG: [{ ...at, code: 'ROW_BEYOND_LOG', endOffset: 600n }],
  LETTER_MISSING: ['WRONG_TYPE', null].map((reasonCode) => ({
    ...at,
    code: 'LETTER_MISSING',
    reasonCode,
  })),
  ROW_MALFORMED: (
    [
      'DEAD_LETTER_WITHOUT_REASON',
      'DEAD_LETTER_WITH_VERSION',
      'DECISION_WITH_REASON',
      'DECISION_WITHOUT_REQUEST',
    ] as const
  ).map((problem) => ({ ...ofRule, code: 'ROW_MALFORMED', problem })),
  ROWS_OUT_OF_ORDER: [null, 600n].map((afterOffset) => ({
    ...ofRule,
    code: 'ROWS_OUT_OF_ORDER',
    afterOffset,
  })),
  EVENT_DECIDED_TWICE: [
    {
      ...ofRule,
      code: 'EVENT_DECIDED_TWICE',
      eventId: 'its-event',
      first: { outcome: 'SOLD_OUT', position: first },
    },
  ],
  VERSION_UNKNOWN: [{ ...ofRule, code: 'VERSION_UNKNOWN', version: 3 }],
  VERSION_WENT_BACK: [null, 2].map((version) => ({
    ...ofRule,
    code: 'VERSION_WENT_BACK',
    version,
    lastVersion: 3,
  })),
  WRONG_WINNER: [
    { ...ofRule, couponId: null, code: 'WRONG_WINNER', outcome: 'SOLD_OUT', due: 'ISSUED' },
    { ...ofRule, code: 'WRONG_WINNER', outcome: 'SOLD_OUT', due: 'ISSUED' },
  ],
  WRONG_OUTCOME: [
    { ...ofRule, userId: null, code: 'WRONG_OUTCOME', outcome: 'EXPIRED', due: 'ISSUED' },
    {
      ...ofRule,
      code: 'WRONG_OUTCOME',
      outcome: 'ISSUED',
      due: 'DEAD_LETTERED',
      malformedCode: 'WRONG_TYPE',
    },
    {
      ...ofRule,
      code: 'WRONG_OUTCOME',
      outcome: 'DEAD_LETTERED',
      due: null,
      reasonCode: 'WRONG_TYPE',
    },
  ],
  COUPON_WITHOUT_CAMPAIGN: [{ ...ofCoupon, code: 'COUPON_WITHOUT_CAMPAIGN', issued: 12 }],
  HELD_TWICE: [{ ...at, code: 'HELD_TWICE', userId: 4242, first }],
  WRONG_SEQUENCE: [{ ...at, code: 'WRONG_SEQUENCE', userId: 4242, sequence: 13, lastSequence: 15 }],
  SEQUENCE_GAP: [{ ...at, code: 'SEQUENCE_GAP', issued: 19, expected: 14, sequence: 16 }],
  ISSUED_COUNT_WRONG: [{ ...ofCoupon, code: 'ISSUED_COUNT_WRONG', issuedQuantity: 12, issued: 13 }],
  OVERISSUED: [{ ...ofCoupon, code: 'OVERISSUED', issued: 12, totalQuantity: 10 }],
  CAMPAIGN_DIFFERS_FROM_HISTORY: [
    { ...ofCoupon, code: 'CAMPAIGN_DIFFERS_FROM_HISTORY', problem: 'NO_HISTORY' },
    {
      ...ofCoupon,
      code: 'CAMPAIGN_DIFFERS_FROM_HISTORY',
      problem: 'FIELDS_DIFFER',
      fields: ['status', 'validFromMs'],
    },
    {
      ...ofCoupon,
      code: 'CAMPAIGN_DIFFERS_FROM_HISTORY',
      problem: 'VERSION_MISSING',
      version: 3,
    },
  ],
  NOTE_SPLIT_CAMPAIGN: [{ ...ofCoupon, code: 'NOTE_SPLIT_CAMPAIGN', partitions: [2, 5] }],
  NOTE_POSITION_FORGOTTEN: [{ ...general, code: 'NOTE_POSITION_FORGOTTEN', partition: 5 }],
  NOTE_OPEN_TRANSACTION: [{ code: 'NOTE_OPEN_TRANSACTION', couponId: null, position, records: 6 }],
  NOTE_LETTERS_NOT_VERIFIABLE: [true, false].map((hasDlq) => ({
    ...general,
    code: 'NOTE_LETTERS_NOT_VERIFIABLE',
    missing: 12,
    hasDlq,
  })),
};

export const AUDIT_FINDINGS: readonly AuditFinding[] = all<AuditFinding>(AUDIT);

const OMISSIONS: Samples<AuditOmission, AuditOmission['code']> = {
  NOTHING_COMPARED: [{ code: 'NOTHING_COMPARED' }],
  OTHER_CAMPAIGNS: [{ code: 'OTHER_CAMPAIGNS', couponId: 71 }],
  UNPROCESSED: [{ code: 'UNPROCESSED', records: 4321 }],
  OPEN_TRANSACTIONS: [{ code: 'OPEN_TRANSACTIONS', records: 345 }],
  DELETED_RECORDS: [{ code: 'DELETED_RECORDS', offsets: 4321n }],
  GONE_LOG: [{ code: 'GONE_LOG', outcomes: 543 }],
  DELETED_LETTERS: [{ code: 'DELETED_LETTERS', letters: 345 }],
};

export const AUDIT_OMISSIONS: readonly AuditOmission[] = all<AuditOmission>(OMISSIONS);

export const SKIP_CODES = Object.keys({
  ALREADY_REPLAYED: true,
  REPLAYED_TOO_OFTEN: true,
  NOT_A_REQUEST: true,
  ORIGINAL_LOST: true,
  NO_SUCH_TOPIC: true,
  OTHER_TOPIC: true,
  TOO_LARGE: true,
  ALREADY_DECIDED: true,
  WOULD_BE_REJECTED: true,
} satisfies Record<SkipCode, true>) as readonly SkipCode[];

const AT_MS = Date.UTC(2026, 10, 27, 2, 1, 24);
const dead = {
  code: 'DEAD_LETTERED',
  reasonCode: 'PROCESSING_FAILED',
  failureReason: 'timeout 57014',
  letter: { partition: 2, offset: 17n },
  wasReplayed: false,
  isDecided: false,
} as const;
const waiting = { code: 'WAITING', partition: 2, waitedMs: 61_000 } as const;

const REASON: Samples<Reason, Reason['code']> = {
  ISSUED: [
    { code: 'ISSUED', sequence: 1234, issuedAtMs: AT_MS },
    { code: 'ISSUED', sequence: null, issuedAtMs: null },
  ],
  SOLD_OUT: [
    { code: 'SOLD_OUT', stock: 1050, soldOutAtMs: AT_MS, lastUserId: 7044 },
    { code: 'SOLD_OUT', stock: 1050, soldOutAtMs: null, lastUserId: null },
    { code: 'SOLD_OUT', stock: 0, soldOutAtMs: null, lastUserId: null },
    { code: 'SOLD_OUT', stock: null, soldOutAtMs: null, lastUserId: null },
  ],
  EXPIRED: [
    { code: 'EXPIRED', validUntilMs: AT_MS, timestampMs: AT_MS + 1 },
    { code: 'EXPIRED', validUntilMs: null, timestampMs: Number.MAX_SAFE_INTEGER },
  ],
  NOT_STARTED: [
    { code: 'NOT_STARTED', validFromMs: AT_MS, timestampMs: AT_MS - 1 },
    { code: 'NOT_STARTED', validFromMs: null, timestampMs: -1 },
  ],
  INACTIVE: [
    { code: 'INACTIVE', sinceMs: AT_MS, changedBy: 'jane@issuer' },
    { code: 'INACTIVE', sinceMs: null, changedBy: null },
  ],
  NOT_FOUND: [
    { code: 'NOT_FOUND', createdAtMs: AT_MS },
    { code: 'NOT_FOUND', createdAtMs: null },
  ],
  DUPLICATE: [
    { code: 'DUPLICATE', sequence: 17, issuedAtMs: AT_MS, eventId: 'its-event' },
    { code: 'DUPLICATE', sequence: null, issuedAtMs: null, eventId: null },
  ],
  DEAD_LETTERED: [
    dead,
    { ...dead, wasReplayed: true },
    { ...dead, isDecided: true },
    { ...dead, letter: null },
    { ...dead, letter: null, isDecided: true, reasonCode: null, failureReason: null },
  ],
  WAITING: [
    { ...waiting, recordsAhead: 1234, isBehindOpenTransaction: false },
    { ...waiting, recordsAhead: 0, isBehindOpenTransaction: false },
    { ...waiting, recordsAhead: 1234, isBehindOpenTransaction: true },
  ],
};

export const REASONS: readonly Reason[] = all<Reason>(REASON);

const [transaction] = transactions;
const message = 'broker issuer does not answer';

const LOOK_UP: Samples<LookUpNote, LookUpNote['code']> = {
  STORE_OF_ANOTHER_CLUSTER: [{ ...CLUSTER, code: 'STORE_OF_ANOTHER_CLUSTER', group }],
  OFFSETS_OF_ANOTHER_STORE: [{ ...ANOTHER, code: 'OFFSETS_OF_ANOTHER_STORE', group }],
  OFFSETS_AHEAD_OF_STORE: [{ ...AHEAD, code: 'OFFSETS_AHEAD_OF_STORE', group }],
  GROUP_NOT_COMPARED: [{ code: 'GROUP_NOT_COMPARED', group, message }],
  LOG_NOT_READ: [{ code: 'LOG_NOT_READ', message }],
  PARTITIONS_OFFLINE: [{ code: 'PARTITIONS_OFFLINE', topic, partitions: [3, 5] }],
  DELETED_UNREAD: [{ code: 'DELETED_UNREAD', topic, partition: 3, from: 4005n, to: 7002n }],
  LOG_BEGINS_LATER: [{ code: 'LOG_BEGINS_LATER', topic, partitions: [3] }],
  LOG_REPLACED: [{ code: 'LOG_REPLACED', topic, partitions: [3, 7] }],
  OPEN_TRANSACTION: transaction === undefined ? [] : [{ code: 'OPEN_TRANSACTION', transaction }],
  LETTERS_NOT_READ: [{ code: 'LETTERS_NOT_READ', message }],
  OLD_LETTERS_NOT_READ: [{ code: 'OLD_LETTERS_NOT_READ', looked: 50_000, total: 123_456 }],
  COUPONS_NOT_READ: [{ code: 'COUPONS_NOT_READ', looked: 50_000 }],
};

export const LOOK_UP_NOTES: readonly LookUpNote[] = all<LookUpNote>(LOOK_UP);

const ofLetters = { couponId: 7, letters: 102 };

const REPLAY: Samples<ReplayStep, ReplayStep['code']> = {
  WAIT_FOR_GROUP: [
    { code: 'WAIT_FOR_GROUP', ...ofLetters, group: 'g', stockLeft: 30, waitingAhead: 41 },
  ],
  RAISE_STOCK: [{ code: 'RAISE_STOCK', ...ofLetters, stockLeft: 0, totalQuantity: 1102 }],
  ACTIVATE: [{ code: 'ACTIVATE', ...ofLetters }],
  EXTEND_WINDOW: [
    {
      code: 'EXTEND_WINDOW',
      ...ofLetters,
      validUntilMs: Date.UTC(2026, 10, 27, 2),
      laterMs: Date.UTC(2026, 10, 27, 4),
    },
  ],
  WAIT_FOR_START: [
    { code: 'WAIT_FOR_START', ...ofLetters, validFromMs: Date.UTC(2026, 10, 28, 2) },
  ],
  CREATE_CAMPAIGN: [{ code: 'CREATE_CAMPAIGN', ...ofLetters }],
};

export const REPLAY_STEPS: readonly ReplayStep[] = all<ReplayStep>(REPLAY);
