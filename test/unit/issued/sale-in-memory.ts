/** A sale whose log, DLQ and store are in memory, and a group that reads what a test tells it to. */
import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import type { CampaignTerms } from '../../../src/coupon/campaign.js';
import { deadLetterOf } from '../../../src/dead-letters/dead-letter.js';
import { lookUp, type LookedUp, type LookUp } from '../../../src/issued/look-up.js';
import type { Entry } from '../../../src/ports/coupon-store.js';
import type { LogRecord } from '../../../src/ports/log.js';
import { fingerprintOf } from '../../../src/records/fingerprint.js';
import { requestOf } from '../../../src/records/request-of.js';
import { timestampMsOf } from '../../../src/records/timestamp.js';
import { MemoryCluster } from '../../support/memory/cluster.js';
import { MemoryStore } from '../../support/memory/store.js';
import { request } from '../../support/requests.js';

export const START_MS = Date.UTC(2026, 10, 27, 2);

interface Asking {
  readonly partition?: number;
  readonly eventId?: string;
}

export class SaleInMemory {
  nowMs = START_MS;
  readonly cluster = new MemoryCluster();
  readonly store = new MemoryStore({ clock: () => this.nowMs });

  static async new(): Promise<SaleInMemory> {
    const sale = new SaleInMemory();
    const topic = { replicationFactor: 1, config: {} };
    await sale.cluster.createTopics([
      { name: REQUEST_TOPIC, partitions: 2, ...topic },
      { name: DLQ_TOPIC, partitions: 1, ...topic },
    ]);
    return sale;
  }

  async campaign(couponId: number, terms: Partial<CampaignTerms>): Promise<void> {
    const usual = { name: null, totalQuantity: 10, status: 'ACTIVE' } as const;
    const open = { validFromMs: null, validUntilMs: null };
    await this.store.createCampaign(couponId, { ...usual, ...open, ...terms });
  }

  /** A second passes with each. */
  ask(couponId: number, userId: number, { partition = 0, eventId }: Asking = {}): LogRecord {
    const named = eventId === undefined ? {} : { eventId };
    return this.append(request(couponId, userId, named), partition);
  }

  append(record: { readonly key?: Buffer; readonly value: Buffer }, partition = 0): LogRecord {
    this.nowMs += 1000;
    return this.cluster.append(REQUEST_TOPIC, partition, { ...record, timestampMs: this.nowMs });
  }

  /** All that the store has not read of a partition; requests of `failing` become dead letters. */
  async read(partition = 0, failing: readonly number[] = []): Promise<void> {
    const clusterId = await this.cluster.clusterId();
    const source = { clusterId, group: CONSUMER_GROUP, topic: REQUEST_TOPIC, partition };
    const positions = await this.store.positions(CONSUMER_GROUP, REQUEST_TOPIC);
    const expectedOffset =
      positions.find((each) => each.partition === partition)?.nextOffset ?? null;
    const records = this.cluster
      .log(REQUEST_TOPIC)
      .all()
      .filter((each) => each.partition === partition && each.offset >= (expectedOffset ?? 0n));
    const last = records.at(-1);
    if (last === undefined) return;
    await this.store.applyBatch({
      source,
      expectedOffset,
      entries: records.map((record) => this.#entryOf(record, failing)),
      nextOffset: last.offset + 1n,
      lastApplied: fingerprintOf(last),
    });
  }

  #entryOf(record: LogRecord, failing: readonly number[]): Entry {
    const { offset } = record;
    const at = { offset, timestampMs: timestampMsOf(record) };
    const parsed = requestOf(record);
    if (parsed.ok && !failing.includes(parsed.request.userId)) {
      return { kind: 'request', ...at, request: parsed.request };
    }
    const reasonCode = parsed.ok ? 'PROCESSING_FAILED' : parsed.malformed.code;
    const reason = parsed.ok ? 'the store refuses it' : parsed.malformed.message;
    const failure = { reasonCode, reason, retryCount: 3, stackTrace: '' };
    const letter = deadLetterOf(record, failure, { nowMs: this.nowMs, maxBytes: 1_000_000 });
    this.cluster.append(DLQ_TOPIC, 0, { ...letter, timestampMs: this.nowMs });
    return { kind: 'dead-letter', ...at, reasonCode, request: parsed.ok ? parsed.request : null };
  }

  lookUp(userId: number, query: Partial<LookUp> = {}): Promise<LookedUp> {
    const ports = { store: this.store, reader: this.cluster, now: () => this.nowMs };
    return lookUp(ports, { userId, couponId: null, group: CONSUMER_GROUP, ...query });
  }
}
