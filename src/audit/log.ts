import { zeroOutcomes, type OutcomeCounts } from '../coupon/outcome.js';
import { MALFORMED_CODES, type MalformedCode } from '../coupon/request.js';
import { fingerprintOf, sameRecord } from '../records/fingerprint.js';
import { requestOf } from '../records/request-of.js';
import type { OutcomeRow, RequestIdentity } from '../ports/coupon-store.js';
import type { LogRecord, Position } from '../ports/log.js';
import { timestampMsOf } from '../records/timestamp.js';
import type { FieldDifference } from './finding.js';
import type { AuditFindings } from './findings.js';
import type { DeadLetteredRow } from './letters.js';
import type { LogProgress, PartitionProgress } from './positions.js';
import type { PartitionRows } from './rows.js';

/** What a record says of itself, however the store sees it. */
export interface RecordFacts {
  readonly timestampMs: number;
  /** Of the request, or of the key where the value could not be parsed. */
  readonly couponId: number | null;
  /** Null where the record could not be parsed. */
  readonly request: RequestIdentity | null;
  readonly malformedCode: MalformedCode | null;
}

export interface LogCheckInput {
  readonly progress: LogProgress;
  readonly rows: ReadonlyMap<number, PartitionRows>;
  /** The row that stands for each eventId. */
  readonly decisions: ReadonlyMap<string, OutcomeRow>;
  readonly couponId: number | null;
  readonly findings: AuditFindings;
}

/**
 * Compares every record with the store's rows as it is read, and keeps none of them: memory grows
 * with the store, not with the log.
 */
export class LogCheck {
  readonly outcomes: OutcomeCounts = zeroOutcomes();
  /** What the record says where a row says something else. */
  readonly contradicted = new Map<OutcomeRow, RecordFacts>();
  readonly deadLettered: DeadLetteredRow[] = [];
  records = 0;
  requests = 0;
  unprocessed = 0;

  readonly #input: LogCheckInput;
  readonly #partitionsOf = new Map<number, Set<number>>();
  readonly #readFrom = new Set<number>();
  readonly #forgotten = new Set<number>();

  constructor(input: LogCheckInput) {
    this.#input = input;
  }

  /** Each partition's records in their order; chunks of several partitions may take turns. */
  add(records: readonly LogRecord[]): void {
    for (const record of records) this.#record(record);
  }

  /** Records behind an open transaction: no store can have applied them. */
  addWaiting(records: readonly LogRecord[]): void {
    for (const record of records) {
      const facts = factsOf(record);
      if (!this.#isCounted(facts)) continue;
      this.records += 1;
      this.unprocessed += 1;
      if (facts.request !== null) this.requests += 1;
    }
  }

  /** After the last record: the rows that no record was found for. */
  finish(): void {
    if (!this.#input.progress.isComparable) return;
    for (const [partition, rows] of this.#input.rows) {
      const progress = this.#input.progress.partitions.get(partition);
      const end = progress?.endOffset ?? 0n;
      const withinLog = rows.takeBefore(end);
      // Where nothing at all was read, the log holds none of its records any more.
      if (this.#readFrom.has(partition)) withinLog.forEach((row) => this.#withoutRecord(row));
      for (const row of rows.takeRest()) this.#beyondLog(row, end);
    }
    this.#findSplitCampaigns();
    for (const partition of this.#forgotten) {
      const code = 'NOTE_POSITION_FORGOTTEN';
      this.#input.findings.addGeneral({ code, couponId: null, position: null, partition });
    }
  }

  #isCounted({ couponId }: RecordFacts): boolean {
    return this.#input.couponId === null || couponId === this.#input.couponId;
  }

  #record(record: LogRecord): void {
    const facts = factsOf(record);
    const isCounted = this.#isCounted(facts);
    const progress = this.#input.progress.partitions.get(record.partition);
    const nextOffset = progress?.position?.nextOffset ?? null;
    const isPending = nextOffset === null || record.offset >= nextOffset;
    if (isCounted) {
      this.records += 1;
      if (facts.request !== null) this.requests += 1;
      if (isPending) this.unprocessed += 1;
    }
    if (!this.#input.progress.isComparable) return;
    this.#checkLastApplied(record, progress);
    if (facts.request !== null) this.#seenOn(facts.request.couponId, record.partition);
    const rows = this.#rowsOf(record);
    for (const row of rows) this.#compare(row, record, facts);
    this.#checkOnce(rows, record, facts);
    const last = rows.at(-1);
    if (last === undefined) {
      if (!isPending) this.#withoutRow(record, facts);
    } else if (isCounted) {
      this.outcomes[last.outcome] += 1;
    }
  }

  /** The record's rows; those before the partition's first record are older than the log. */
  #rowsOf(record: LogRecord): readonly OutcomeRow[] {
    const rows = this.#input.rows.get(record.partition);
    if (rows === undefined) return [];
    const skipped = rows.takeBefore(record.offset);
    if (this.#readFrom.has(record.partition)) skipped.forEach((row) => this.#withoutRecord(row));
    this.#readFrom.add(record.partition);
    return rows.takeAt(record.offset);
  }

  #compare(row: OutcomeRow, record: LogRecord, facts: RecordFacts): void {
    this.#checkReach(row, record, facts);
    const different = differences(row, facts);
    if (different.length > 0) {
      this.contradicted.set(row, facts);
      this.#input.findings.addOf({
        code: 'ROW_DOES_NOT_MATCH_RECORD',
        ...placeOf(record, facts),
        differences: different,
      });
    }
    if (row.outcome === 'DEAD_LETTERED' && this.#isCounted(facts)) {
      this.deadLettered.push({ row, couponId: facts.couponId });
    }
    this.#checkDeadLettering(row, record, facts);
  }

  /**
   * A record is applied once, however often it is read. Two decisions of one request are found by its
   * eventId; a malformed record has none.
   */
  #checkOnce(rows: readonly OutcomeRow[], record: LogRecord, facts: RecordFacts): void {
    const deadLettered = rows.filter(
      ({ outcome, timestampMs }) =>
        outcome === 'DEAD_LETTERED' && timestampMs === facts.timestampMs,
    );
    if (deadLettered.length < 2) return;
    this.#input.findings.addOf({
      code: 'DEAD_LETTERED_TWICE',
      ...placeOf(record, facts),
      rows: deadLettered.length,
    });
  }

  /** A malformed record must be dead-lettered, and a valid request never as a malformed one. */
  #checkDeadLettering(row: OutcomeRow, record: LogRecord, facts: RecordFacts): void {
    const { outcome, reasonCode, userId } = row;
    const { malformedCode } = facts;
    const isDeadLettered = outcome === 'DEAD_LETTERED';
    const place = { ...placeOf(record, facts), userId };
    if (malformedCode !== null && !isDeadLettered) {
      const due = 'DEAD_LETTERED';
      this.#input.findings.addOf({ code: 'WRONG_OUTCOME', ...place, outcome, due, malformedCode });
    } else if (malformedCode === null && isDeadLettered && isMalformedCode(reasonCode)) {
      const due = null;
      this.#input.findings.addOf({ code: 'WRONG_OUTCOME', ...place, outcome, due, reasonCode });
    }
  }

  /** Outcome and position are written in one transaction: no row may lie beyond the position. */
  #checkReach(row: OutcomeRow, record: LogRecord, facts: RecordFacts): void {
    const reach = this.#input.progress.partitions.get(record.partition)?.reach ?? null;
    if (reach === null) {
      this.#forgotten.add(record.partition);
    } else if (record.offset >= reach) {
      const place = placeOf(record, facts);
      this.#input.findings.addOf({ code: 'ROW_BEYOND_OFFSET', ...place, nextOffset: reach });
    }
  }

  /** A record below the store's position without a row must be a repeat, or it was lost. */
  #withoutRow(record: LogRecord, facts: RecordFacts): void {
    const { request, malformedCode } = facts;
    const standing = request === null ? undefined : this.#input.decisions.get(request.eventId);
    if (request !== null && standing !== undefined && precedes(standing, record)) {
      this.#checkRepeat(request, standing, record);
      return;
    }
    this.#input.findings.addOf({
      code: 'REQUEST_LOST',
      ...placeOf(record, facts),
      request: request && { userId: request.userId, eventId: request.eventId },
      malformedCode,
    });
  }

  /** One eventId is one request: where a producer gives it to two users, only the first is decided. */
  #checkRepeat(request: RequestIdentity, standing: OutcomeRow, record: LogRecord): void {
    const { eventId, couponId, userId } = request;
    if (standing.couponId === couponId && standing.userId === userId) return;
    const { position: decidedAt } = standing;
    const code = 'NOTE_EVENT_ID_REUSED';
    const position = positionOf(record);
    this.#input.findings.addOf({ code, couponId, position, userId, eventId, decidedAt });
  }

  #checkLastApplied(record: LogRecord, progress: PartitionProgress | undefined): void {
    const lastApplied = progress?.position?.lastApplied;
    if (lastApplied?.offset !== record.offset) return;
    if (sameRecord(fingerprintOf(record), lastApplied)) return;
    const position = positionOf(record);
    this.#input.findings.addGeneral({ code: 'LOG_REPLACED', couponId: null, position });
  }

  #withoutRecord(row: OutcomeRow): void {
    const { couponId, position } = row;
    this.#input.findings.addOf({ code: 'ROW_WITHOUT_RECORD', couponId, position });
  }

  #beyondLog({ couponId, position }: OutcomeRow, endOffset: bigint): void {
    this.#input.findings.addOf({ code: 'ROW_BEYOND_LOG', couponId, position, endOffset });
  }

  #seenOn(couponId: number, partition: number): void {
    const partitions = this.#partitionsOf.get(couponId);
    if (partitions === undefined) this.#partitionsOf.set(couponId, new Set([partition]));
    else partitions.add(partition);
  }

  #findSplitCampaigns(): void {
    for (const [couponId, partitions] of this.#partitionsOf) {
      if (partitions.size === 1) continue;
      const list = [...partitions].sort((a, b) => a - b);
      const code = 'NOTE_SPLIT_CAMPAIGN';
      this.#input.findings.addOf({ code, couponId, position: null, partitions: list });
    }
  }
}

/** Within one partition the offset decides; which of two partitions was read first is not known. */
function precedes({ position }: OutcomeRow, record: LogRecord): boolean {
  const isSamePartition =
    position.topic === record.topic && position.partition === record.partition;
  return !isSamePartition || position.offset < record.offset;
}

function factsOf(record: LogRecord): RecordFacts {
  const timestampMs = timestampMsOf(record);
  const parsed = requestOf(record);
  if (!parsed.ok) {
    const { code } = parsed.malformed;
    return { timestampMs, couponId: couponIdOfKey(record.key), request: null, malformedCode: code };
  }
  const { request } = parsed;
  return { timestampMs, couponId: request.couponId, request, malformedCode: null };
}

/** The key is the couponId as a string (docs/contract.md). */
function couponIdOfKey(key: Buffer | null): number | null {
  const text = key?.toString('utf8') ?? '';
  const couponId = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(couponId) ? couponId : null;
}

function positionOf({ topic, partition, offset }: LogRecord): Position {
  return { topic, partition, offset };
}

function placeOf(record: LogRecord, { couponId }: RecordFacts) {
  return { couponId, position: positionOf(record) };
}

/** The fields in which a row differs from its record. */
function differences(
  row: OutcomeRow,
  { request, timestampMs }: RecordFacts,
): readonly FieldDifference[] {
  const pairs = [
    ['eventId', row.eventId, request?.eventId ?? null],
    ['couponId', row.couponId, request?.couponId ?? null],
    ['userId', row.userId, request?.userId ?? null],
    ['timestamp', row.timestampMs, timestampMs],
  ] as const;
  return pairs.flatMap(([field, inRow, inRecord]) =>
    inRow === inRecord ? [] : [{ field, inRecord, inRow }],
  );
}

const malformedCodes: ReadonlySet<string> = new Set(MALFORMED_CODES);

function isMalformedCode(code: string | null): code is MalformedCode {
  return code !== null && malformedCodes.has(code);
}
