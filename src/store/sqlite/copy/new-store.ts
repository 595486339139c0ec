import type { Database } from 'better-sqlite3';
import type { CampaignVersion, StoredPosition } from '../../../ports/coupon-store.js';
import type { StoredEvent } from '../../../ports/store-history.js';
import type {
  LogMinute,
  NewStore,
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
} from '../../../ports/store-copy.js';
import { packEventId } from '../../event-id.js';
import { markAsOurs } from '../file/identity.js';
import { prepareLogs, type Logs } from '../tables/logs.js';
import { migrate } from '../migrations/migrations.js';
import { codeOf } from '../../outcome-code.js';
import { prepareEvents, type Events } from '../tables/events.js';
import { prepareOutcomeMinutes, type OutcomeMinutes } from '../tables/outcome-minutes.js';
import { minuteKey } from '../../outcome-minute.js';
import { preparePartitionOffsets } from '../tables/partition-offsets.js';
import { wholeContents } from './whole-contents.js';

/** Fills an empty database. The caller holds a transaction, and is the only one to see the file. */
export class SqliteNewStore implements NewStore {
  readonly #db: Database;
  readonly #logs: Logs;
  readonly #addRecord: (record: StoredRecord, logId: number) => void;
  readonly #events: Events;
  readonly #minutes: OutcomeMinutes;
  readonly #addLetter: (letter: ReplayedLetter) => void;

  constructor(db: Database, path: string) {
    migrate(db, 0, { path, onProgress: () => undefined });
    markAsOurs(db);
    this.#db = db;
    this.#logs = prepareLogs(db);
    this.#addRecord = prepareRecord(db);
    this.#addLetter = prepareLetter(db);
    this.#events = prepareEvents(db);
    this.#minutes = prepareOutcomeMinutes(db);
  }

  putHead(head: StoreHead): Promise<void> {
    this.#db
      .prepare('UPDATE store_identity SET id = ?, last_id_of_0_1 = ?, counted_since_ms = ?')
      .run(head.id, head.lastIdOf01, head.countedSinceMs);
    addCampaigns(this.#db, head);
    addPositions(this.#db, head.positions);
    return Promise.resolve();
  }

  addRecords(records: readonly StoredRecord[]): Promise<void> {
    for (const record of records) {
      const { topic, partition } = record.position;
      this.#addRecord(record, this.#logs.idOf(topic, partition));
    }
    return Promise.resolve();
  }

  addReplayedLetters(letters: readonly ReplayedLetter[]): Promise<void> {
    letters.forEach(this.#addLetter);
    return Promise.resolve();
  }

  addEvents(events: readonly StoredEvent[]): Promise<void> {
    this.#events.copy(events);
    return Promise.resolve();
  }

  addOutcomeMinutes(minutes: readonly LogMinute[]): Promise<void> {
    for (const minute of minutes) {
      const logId = this.#logs.idOf(minute.topic, minute.partition);
      this.#minutes.add(minute.minuteMs, [{ logId, ...minuteKey(minute), rows: minute.rows }]);
    }
    return Promise.resolve();
  }

  contents(): StoreContents {
    return wholeContents(this.#db);
  }
}

function addCampaigns(db: Database, { campaigns, versions }: StoreHead): void {
  const addCampaign = db.prepare<[StoreHead['campaigns'][number]]>(
    `INSERT INTO campaign (coupon_id, name, total_quantity, issued_quantity, status,
       valid_from_ms, valid_until_ms, version)
     VALUES (:couponId, :name, :totalQuantity, :issuedQuantity, :status,
       :validFromMs, :validUntilMs, :version)`,
  );
  const addVersion = db.prepare<[CampaignVersion]>(
    `INSERT INTO campaign_version (coupon_id, version, name, total_quantity, status,
       valid_from_ms, valid_until_ms, created_at_ms, changed_by)
     VALUES (:couponId, :version, :name, :totalQuantity, :status,
       :validFromMs, :validUntilMs, :createdAtMs, :changedBy)`,
  );
  for (const campaign of campaigns) addCampaign.run(campaign);
  for (const version of versions) addVersion.run(version);
}

function addPositions(db: Database, positions: readonly StoredPosition[]): void {
  const offsets = preparePartitionOffsets(db);
  for (const position of positions) offsets.put(position);
}

function prepareRecord(db: Database): (record: StoredRecord, logId: number) => void {
  const insert = db.prepare(
    `INSERT INTO applied_record (id, coupon_id, user_id, event_id, outcome, sequence,
       campaign_version, reason_code, log_id, "offset", timestamp_ms, issued_after_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (record, logId) => {
    const { eventId, timestampMs, issuedAtMs } = record;
    insert.run(
      record.id,
      record.couponId,
      record.userId,
      eventId === null ? null : packEventId(eventId),
      codeOf(record.outcome),
      record.sequence,
      record.campaignVersion,
      record.reasonCode,
      logId,
      record.position.offset,
      timestampMs,
      issuedAtMs === null ? null : issuedAtMs - timestampMs,
    );
  };
}

function prepareLetter(db: Database): (letter: ReplayedLetter) => void {
  const insert = db.prepare<[ReplayedLetter]>(
    `INSERT INTO replayed_letter
       (cluster_id, topic, partition, "offset", timestamp_ms, checksum, replayed_at_ms)
     VALUES (:clusterId, :topic, :partition, :offset, :timestampMs, :checksum, :replayedAtMs)`,
  );
  return (letter) => {
    insert.run(letter);
  };
}
