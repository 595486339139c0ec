import type { OffsetsMismatch } from '../../../src/ports/group-store.js';
import type { CampaignTerms } from '../../../src/coupon/campaign.js';
import { decide } from '../../../src/coupon/decide.js';
import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import type { AuditReport } from '../../../src/audit/audit.js';
import { GoneLog, type GonePartition } from '../../../src/audit/gone-log.js';
import { Audit } from '../../../src/audit/audit.js';
import { spellPosition } from '../../../src/records/spell-position.js';
import { timestampMsOf } from '../../../src/records/timestamp.js';
import { fingerprintOf } from '../../../src/records/fingerprint.js';
import { requestOf } from '../../../src/records/request-of.js';
import type { Campaign } from '../../../src/coupon/campaign.js';
import type { CampaignVersion, StoredPosition } from '../../../src/ports/coupon-store.js';
import type { LogRecord, PartitionBounds, Position } from '../../../src/ports/log.js';
import { MemorySnapshot, type NumberedOutcome } from '../../support/memory/snapshot.js';
import { request } from '../../support/requests.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Table<T> = Writable<T>[];

/** A snapshot that a test may tamper with. */
export interface Tables {
  readonly positions: Table<StoredPosition>;
  readonly campaigns: Table<Campaign>;
  readonly versions: Table<CampaignVersion>;
  readonly outcomes: Table<NumberedOutcome>;
  lastIdOf01: number;
}

/** All that an audit is given. */
export interface Evidence {
  clusterId: string;
  group: string;
  bounds: Table<PartitionBounds>;
  dlqBounds: Table<PartitionBounds> | null;
  records: Table<LogRecord>;
  letters: Table<LogRecord>;
  mismatch?: OffsetsMismatch;
  gone?: readonly GonePartition[];
  readonly tables: Tables;
}

export async function audit(
  evidence: Evidence,
  couponId: number | null = null,
): Promise<AuditReport> {
  const running = await Audit.start({
    clusterId: evidence.clusterId,
    group: evidence.group,
    topic: REQUEST_TOPIC,
    bounds: evidence.bounds,
    dlqBounds: evidence.dlqBounds,
    snapshot: new MemorySnapshot(evidence.tables),
    mismatch: evidence.mismatch ?? null,
    gone: new GoneLog(REQUEST_TOPIC, evidence.gone ?? []),
    couponId,
  });
  running.addLetters(evidence.letters);
  const isWaiting = ({ partition, offset }: LogRecord) =>
    evidence.bounds.some(
      (bound) => bound.partition === partition && offset >= bound.stableEndOffset,
    );
  const readable = evidence.records.filter((record) => !isWaiting(record));
  // In chunks of seven, as an arbitrary size that no law should depend on.
  for (let at = 0; at < readable.length; at += 7) {
    await running.addRecords(readable.slice(at, at + 7));
  }
  running.addWaitingRecords(evidence.records.filter(isWaiting));
  return running.report();
}

export const CLUSTER = 'cluster-of-this-test';
export const T0 = Date.UTC(2026, 10, 22, 12);

const OPEN: CampaignTerms = {
  name: null,
  totalQuantity: 3,
  status: 'ACTIVE',
  validFromMs: null,
  validUntilMs: null,
};

export interface Ask {
  readonly couponId: number;
  readonly userId: number;
  readonly eventId?: string;
  readonly partition?: number;
  readonly timestampMs?: number;
}

/** Log, store and DLQ of an honest pipeline, in memory. */
export class SimulatedPipeline {
  readonly #log: LogRecord[][];
  readonly #starts: bigint[];
  readonly #letters: LogRecord[] = [];
  readonly #tables: Tables = {
    positions: [],
    campaigns: [],
    versions: [],
    outcomes: [],
    lastIdOf01: 0,
  };
  #nextEvent = 1;
  #isOf01: boolean;
  #nowMs = T0;

  /** `version` 0.1: the eventId alone names a request. */
  constructor(partitions = 1, version: '0.1' | 'now' = 'now') {
    this.#isOf01 = version === '0.1';
    this.#log = Array.from({ length: partitions }, () => []);
    this.#starts = this.#log.map(() => 0n);
  }

  campaign(couponId: number, terms: Partial<CampaignTerms> = {}): void {
    const campaigns = this.#tables.campaigns;
    const before = campaigns.find((campaign) => campaign.couponId === couponId);
    const after = before ?? { ...OPEN, couponId, issuedQuantity: 0, version: 0 };
    Object.assign(after, terms);
    after.version += 1;
    if (before === undefined) campaigns.push(after);
    const { name, totalQuantity, status, validFromMs, validUntilMs, version } = after;
    const now = { name, totalQuantity, status, validFromMs, validUntilMs };
    this.#tables.versions.push({
      ...now,
      couponId,
      version,
      createdAtMs: this.#nowMs,
      changedBy: null,
    });
  }

  /** Appends a request; returns its eventId. */
  ask({ couponId, userId, eventId, partition, timestampMs }: Ask): string {
    const event = eventId ?? `event-${this.#nextEvent++}`;
    const { value } = request(couponId, userId, { eventId: event });
    this.append(
      String(couponId),
      value.toString(),
      partition ?? couponId % this.#log.length,
      timestampMs,
    );
    return event;
  }

  append(key: string | null, value: string | null, partition = 0, timestampMs?: number): void {
    this.#nowMs += 1;
    const records = this.#partition(partition);
    records.push({
      topic: REQUEST_TOPIC,
      partition,
      offset: BigInt(records.length),
      timestamp: BigInt(timestampMs ?? this.#nowMs),
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: {},
    });
  }

  /** Applies up to so many records of each partition; `fails` is dead-lettered unexpectedly. */
  consume(most = Infinity, fails: (record: LogRecord) => boolean = () => false): void {
    this.#log.forEach((_, partition) => this.consumePartition(partition, most, fails));
  }

  consumePartition(
    partition: number,
    most = Infinity,
    fails: (record: LogRecord) => boolean = () => false,
  ): void {
    const stored = this.#tables.positions.find((position) => position.partition === partition);
    const next = Number(stored?.nextOffset ?? this.#starts[partition] ?? 0n);
    const batch = this.#partition(partition).slice(next, next + most);
    const last = batch.at(-1);
    if (last === undefined) return;
    for (const record of batch) this.#apply(record, fails(record));
    const { offset } = last;
    const moved = {
      nextOffset: offset + 1n,
      lastApplied: fingerprintOf(last),
    };
    if (stored !== undefined) Object.assign(stored, moved);
    else {
      const source = { clusterId: CLUSTER, group: CONSUMER_GROUP, topic: REQUEST_TOPIC, partition };
      this.#tables.positions.push({ ...source, ...moved });
    }
  }

  /** Sends every letter back whose record can be parsed. */
  replay(): void {
    for (const { partition, offset } of this.deadLettered()) {
      const record = this.#partition(partition)[Number(offset)];
      if (record?.value == null || !requestOf(record).ok) continue;
      this.append(record.key?.toString() ?? null, record.value.toString(), partition);
    }
  }

  deadLettered(): readonly Position[] {
    return this.#tables.outcomes
      .filter(({ outcome }) => outcome === 'DEAD_LETTERED')
      .map(({ position }) => position);
  }

  /** Kafka deletes the records of a partition below this offset. */
  retain(partition: number, startOffset: bigint): void {
    this.#starts[partition] = startOffset;
  }

  /** From version 0.1 to now. */
  migrate(): void {
    this.#isOf01 = false;
    this.#tables.lastIdOf01 = this.#tables.outcomes.at(-1)?.id ?? 0;
  }

  /** The topic is deleted and recreated; returns which outcomes are of the old one. */
  recreate(): readonly GonePartition[] {
    const lastOutcomeId = this.#tables.outcomes.at(-1)?.id ?? 0;
    return this.#log.map((records, partition) => {
      records.length = 0;
      return { partition, lastOutcomeId };
    });
  }

  forgetPositions(): void {
    this.#tables.positions.length = 0;
  }

  evidence(): Evidence {
    const bounds = this.#log.map((records, partition) => ({
      partition,
      startOffset: this.#starts[partition] ?? 0n,
      endOffset: BigInt(records.length),
      stableEndOffset: BigInt(records.length),
    }));
    const { positions, campaigns, versions, outcomes, lastIdOf01 } = this.#tables;
    const letters = BigInt(this.#letters.length);
    const copy = <T extends object>(rows: readonly T[]): T[] => rows.map((row) => ({ ...row }));
    return {
      clusterId: CLUSTER,
      group: CONSUMER_GROUP,
      bounds,
      dlqBounds: [{ partition: 0, startOffset: 0n, endOffset: letters, stableEndOffset: letters }],
      records: bounds.flatMap(({ partition, startOffset }) =>
        copy(this.#partition(partition).slice(Number(startOffset))),
      ),
      letters: copy(this.#letters),
      tables: {
        positions: copy(positions),
        campaigns: copy(campaigns),
        versions: copy(versions),
        outcomes: copy(outcomes),
        lastIdOf01,
      },
    };
  }

  #partition(partition: number): LogRecord[] {
    const records = this.#log[partition];
    if (records === undefined) throw new Error(`there is no partition ${partition}`);
    return records;
  }

  #apply(record: LogRecord, fails: boolean): void {
    const parsed = requestOf(record);
    const { topic, partition, offset } = record;
    const timestampMs = timestampMsOf(record);
    const row = {
      id: this.#tables.outcomes.length + 1,
      position: { topic, partition, offset },
      timestampMs,
      campaignVersion: null,
      reasonCode: null,
      sequence: null,
    };
    if (!parsed.ok) {
      this.#deadLetter(record);
      const nobody = { eventId: null, couponId: null, userId: null };
      const reasonCode = parsed.malformed.code;
      this.#addDeadLettered({ ...row, ...nobody, outcome: 'DEAD_LETTERED', reasonCode });
      return;
    }
    const { eventId, couponId, userId } = parsed.request;
    const identity = { eventId, couponId, userId };
    const before = this.#decided().filter(
      (each) => each.couponId === couponId && each.userId === userId,
    );
    const sameName = this.#isOf01 ? this.#decided() : before;
    if (sameName.some((each) => each.eventId === eventId)) return;
    if (fails) {
      this.#deadLetter(record);
      const reasonCode = 'UNEXPECTED_ERROR';
      this.#addDeadLettered({ ...row, ...identity, outcome: 'DEAD_LETTERED', reasonCode });
      return;
    }
    const campaign = this.#tables.campaigns.find((each) => each.couponId === couponId);
    const holdsCoupon = before.some((each) => each.outcome === 'ISSUED');
    const outcome = decide({ campaign: campaign ?? null, holdsCoupon, timestampMs });
    const campaignVersion = campaign?.version ?? null;
    const isIssued = outcome === 'ISSUED' && campaign !== undefined;
    if (isIssued) campaign.issuedQuantity += 1;
    const sequence = isIssued ? campaign.issuedQuantity : null;
    this.#tables.outcomes.push({ ...row, ...identity, outcome, campaignVersion, sequence });
  }

  #decided(): readonly NumberedOutcome[] {
    return this.#tables.outcomes.filter(({ outcome }) => outcome !== 'DEAD_LETTERED');
  }

  /** One row a record, however often the log is read. */
  #addDeadLettered(row: NumberedOutcome): void {
    const isKnown = this.#tables.outcomes.some(
      ({ outcome, position, timestampMs }) =>
        outcome === 'DEAD_LETTERED' &&
        timestampMs === row.timestampMs &&
        spellPosition(position) === spellPosition(row.position),
    );
    if (!isKnown) this.#tables.outcomes.push(row);
  }

  #deadLetter(record: LogRecord): void {
    this.#letters.push({
      topic: DLQ_TOPIC,
      partition: 0,
      offset: BigInt(this.#letters.length),
      timestamp: BigInt(this.#nowMs),
      key: record.key,
      value: Buffer.from('{}'),
      headers: {
        'coupon-dlq-origin-topic': Buffer.from(record.topic),
        'coupon-dlq-origin-partition': Buffer.from(String(record.partition)),
        'coupon-dlq-origin-offset': Buffer.from(String(record.offset)),
      },
    });
  }
}
