import { zeroOutcomes, type OutcomeCounts } from '../coupon/outcome.js';
import { MALFORMED_CODES, type MalformedCode } from '../coupon/request.js';
import { fingerprintOf, sameRecord } from '../records/fingerprint.js';
import { requestOf } from '../records/request-of.js';
import type { OutcomeRow, RequestIdentity } from '../ports/coupon-store.js';
import type { LogRecord } from '../ports/log.js';
import { timestampMsOf } from '../records/timestamp.js';
import { spellPosition } from '../records/spell-position.js';
import type { AuditFindings, FindingCode } from './findings.js';
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
 * Holds every record against the store's rows as it comes by, and keeps none of it: memory holds
 * what the store has, not what the log has.
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
    this.#tellSplitCampaigns();
    for (const partition of this.#forgotten) {
      this.#input.findings.addGeneral(
        'NOTE_POSITION_FORGOTTEN',
        `The store has outcomes of partition ${partition}, but no position in it (a reset): the group will read it again from its start, which changes nothing.`,
      );
    }
  }

  #isCounted({ couponId }: RecordFacts): boolean {
    return this.#input.couponId === null || couponId === this.#input.couponId;
  }

  #tell(code: FindingCode, facts: RecordFacts, record: LogRecord, message: string): void {
    const { topic, partition, offset } = record;
    this.#input.findings.addOf(facts.couponId, code, message, { topic, partition, offset });
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
      const message = `The outcome of ${spellPosition(record)} is not of the record there: ${different.join(', ')}.`;
      this.#tell('ROW_DOES_NOT_MATCH_RECORD', facts, record, message);
    }
    const isLetter = row.outcome === 'DEAD_LETTERED';
    if (isLetter && this.#isCounted(facts)) {
      this.deadLettered.push({ row, couponId: facts.couponId });
    }
    if (facts.malformedCode !== null && !isLetter) {
      const message = `The record at ${spellPosition(record)} can't be parsed (${facts.malformedCode}), but its outcome is ${row.outcome} instead of DEAD_LETTERED.`;
      this.#tell('WRONG_OUTCOME', facts, record, message);
    } else if (facts.malformedCode === null && isLetter && isMalformedCode(row.reasonCode)) {
      const message = `The record at ${spellPosition(record)} was dead-lettered as ${row.reasonCode}, but it is a request like any other.`;
      this.#tell('WRONG_OUTCOME', facts, record, message);
    }
  }

  /** Outcome and position are written in one transaction: no row may lie beyond the position. */
  #checkReach(row: OutcomeRow, record: LogRecord, facts: RecordFacts): void {
    const reach = this.#input.progress.partitions.get(record.partition)?.reach ?? null;
    if (reach === null) {
      this.#forgotten.add(record.partition);
    } else if (record.offset >= reach) {
      const message = `The store has an outcome of ${spellPosition(row.position)}, but its position there is ${reach.toString()}: after a reset, audit again once the group has caught up.`;
      this.#tell('ROW_BEYOND_OFFSET', facts, record, message);
    }
  }

  /** A record below the store's position without a row must be a repeat, or it was lost. */
  #withoutRow(record: LogRecord, facts: RecordFacts): void {
    const { request } = facts;
    if (request === null) {
      const message = `The record at ${spellPosition(record)} can't be parsed (${facts.malformedCode ?? 'unknown'}), but it was not dead-lettered.`;
      this.#tell('REQUEST_LOST', facts, record, message);
      return;
    }
    const standing = this.#input.decisions.get(request.eventId);
    if (standing !== undefined && precedes(standing, record)) {
      this.#checkRepeat(request, standing, record);
      return;
    }
    const message = `User ${request.userId}'s request for coupon ${request.couponId} at ${spellPosition(record)} was passed over: it has no outcome, and its event ${request.eventId} had none before.`;
    this.#tell('REQUEST_LOST', facts, record, message);
  }

  /** One eventId is one request: a producer that gives it to two users silences one of them. */
  #checkRepeat(request: RequestIdentity, standing: OutcomeRow, record: LogRecord): void {
    const { eventId, couponId, userId } = request;
    if (standing.couponId === couponId && standing.userId === userId) return;
    const { topic, partition, offset } = record;
    this.#input.findings.addOf(
      couponId,
      'NOTE_EVENT_ID_REUSED',
      `User ${userId}'s request for coupon ${couponId} at ${spellPosition(record)} counts as a repeat, because its event ${eventId} was decided for another request at ${spellPosition(standing.position)}: its producer must give each request its own.`,
      { topic, partition, offset },
    );
  }

  #checkLastApplied(record: LogRecord, progress: PartitionProgress | undefined): void {
    const lastApplied = progress?.position?.lastApplied;
    if (lastApplied?.offset !== record.offset) return;
    if (sameRecord(fingerprintOf(record), lastApplied)) return;
    const message = `The record at ${spellPosition(record)} is not the one that the store applied last, so the topic was made anew or the store is of another log.`;
    const { topic, partition, offset } = record;
    this.#input.findings.addGeneral('LOG_REPLACED', message, { topic, partition, offset });
  }

  #withoutRecord(row: OutcomeRow): void {
    const message = `The store has an outcome of ${spellPosition(row.position)}, but the log has no record there.`;
    this.#input.findings.addOf(row.couponId, 'ROW_WITHOUT_RECORD', message, row.position);
  }

  #beyondLog(row: OutcomeRow, end: bigint): void {
    const message = `The store has an outcome of ${spellPosition(row.position)}, but the log ends at offset ${end.toString()}.`;
    this.#input.findings.addOf(row.couponId, 'ROW_BEYOND_LOG', message, row.position);
  }

  #seenOn(couponId: number, partition: number): void {
    const partitions = this.#partitionsOf.get(couponId);
    if (partitions === undefined) this.#partitionsOf.set(couponId, new Set([partition]));
    else partitions.add(partition);
  }

  #tellSplitCampaigns(): void {
    for (const [couponId, partitions] of this.#partitionsOf) {
      if (partitions.size === 1) continue;
      const list = [...partitions].sort((a, b) => a - b).join(', ');
      const message = `Coupon ${couponId} has requests on partitions ${list}: first come, first served holds within each of them only (another partitioner, or partitions were added).`;
      this.#input.findings.addOf(couponId, 'NOTE_SPLIT_CAMPAIGN', message);
    }
  }
}

/** Which of two partitions was read first can't be known; within one, the offset tells. */
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

/** What a row says of its record and the record does not. */
function differences(row: OutcomeRow, { request, timestampMs }: RecordFacts): string[] {
  const pairs = [
    ['eventId', row.eventId, request?.eventId ?? null],
    ['couponId', row.couponId, request?.couponId ?? null],
    ['userId', row.userId, request?.userId ?? null],
    ['timestamp', row.timestampMs, timestampMs],
  ] as const;
  return pairs
    .filter(([, said, is]) => said !== is)
    .map(([name, said, is]) => `${name} is ${is ?? 'none'}, not ${said ?? 'none'}`);
}

const malformedCodes: ReadonlySet<string> = new Set(MALFORMED_CODES);

function isMalformedCode(code: string | null): code is MalformedCode {
  return code !== null && malformedCodes.has(code);
}
