import { createHash } from 'node:crypto';
import type { StoredEvent } from '../ports/store-history.js';
import type {
  ContentsSink,
  LogMinute,
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
} from '../ports/store-copy.js';

export interface CopyCounts {
  readonly campaigns: number;
  readonly versions: number;
  readonly outcomes: number;
  /** Outcomes that are ISSUED. */
  readonly issued: number;
  readonly positions: number;
  readonly replayedLetters: number;
}

/** What a store holds. Two stores with equal summaries hold the same. */
export interface StoreSummary {
  readonly id: string;
  readonly counts: CopyCounts;
  /** SHA-256 over every value of every row. */
  readonly digest: string;
  /** Campaigns whose issuedQuantity is not that of their ISSUED rows, numbered from 1 without a gap. */
  readonly contradictions: readonly number[];
}

interface Issued {
  readonly rows: number;
  readonly last: number;
}

/** Counts what it takes in, and hashes every value of it. */
class Summary implements ContentsSink {
  readonly #hash = createHash('sha256');
  readonly #issued = new Map<number, Issued>();
  #head: StoreHead | null = null;
  #outcomes = 0;
  #issuedRows = 0;
  #replayedLetters = 0;

  get outcomes(): number {
    return this.#outcomes;
  }

  putHead(head: StoreHead): Promise<void> {
    this.#head = head;
    this.#add('store', [head.id, head.lastIdOf01, head.countedSinceMs]);
    for (const campaign of head.campaigns) {
      this.#add('campaign', [...termsOf(campaign), campaign.issuedQuantity]);
    }
    for (const version of head.versions) {
      this.#add('version', [...termsOf(version), version.createdAtMs, version.changedBy]);
    }
    for (const { lastApplied, ...position } of head.positions) {
      this.#add('position', [
        ...[position.clusterId, position.group, position.topic, position.partition],
        String(position.nextOffset),
        ...[String(lastApplied.offset), lastApplied.timestampMs, lastApplied.checksum],
      ]);
    }
    return Promise.resolve();
  }

  addRecords(records: readonly StoredRecord[]): Promise<void> {
    for (const record of records) {
      this.#add('record', valuesOf(record));
      if (record.couponId !== null && record.sequence !== null) {
        this.#addIssued(record.couponId, record.sequence);
      }
    }
    this.#outcomes += records.length;
    return Promise.resolve();
  }

  addReplayedLetters(letters: readonly ReplayedLetter[]): Promise<void> {
    for (const letter of letters) {
      this.#add('letter', [
        ...[letter.clusterId, letter.topic, letter.partition, String(letter.offset)],
        ...[letter.timestampMs, letter.checksum, letter.replayedAtMs],
      ]);
    }
    this.#replayedLetters += letters.length;
    return Promise.resolve();
  }

  addEvents(events: readonly StoredEvent[]): Promise<void> {
    for (const { id, atMs, actor, ...said } of events) {
      this.#add('event', [id, atMs, actor.user, actor.host, actor.pid, JSON.stringify(said)]);
    }
    return Promise.resolve();
  }

  addOutcomeMinutes(minutes: readonly LogMinute[]): Promise<void> {
    for (const { minuteMs, topic, partition, couponId, outcome, reasonCode, rows } of minutes) {
      this.#add('minute', [minuteMs, topic, partition, couponId, outcome, reasonCode, rows]);
    }
    return Promise.resolve();
  }

  /** Once, at the end. */
  result(): StoreSummary {
    if (this.#head === null) throw new RangeError('a store has no head');
    const { id, campaigns, versions, positions } = this.#head;
    return {
      id,
      counts: {
        campaigns: campaigns.length,
        versions: versions.length,
        outcomes: this.#outcomes,
        issued: this.#issuedRows,
        positions: positions.length,
        replayedLetters: this.#replayedLetters,
      },
      digest: this.#hash.digest('hex'),
      contradictions: this.#contradictions(campaigns),
    };
  }

  #addIssued(couponId: number, sequence: number): void {
    const before = this.#issued.get(couponId);
    this.#issued.set(couponId, {
      rows: (before?.rows ?? 0) + 1,
      last: Math.max(before?.last ?? 0, sequence),
    });
    this.#issuedRows += 1;
  }

  /** No store holds a sequence twice: as many rows as the last number, and there is no gap. */
  #contradictions(campaigns: StoreHead['campaigns']): readonly number[] {
    const quantities = new Map(campaigns.map((c) => [c.couponId, c.issuedQuantity]));
    const couponIds = new Set([...quantities.keys(), ...this.#issued.keys()]);
    return [...couponIds].filter((couponId) => {
      const { rows, last } = this.#issued.get(couponId) ?? { rows: 0, last: 0 };
      return rows !== last || rows !== quantities.get(couponId);
    });
  }

  #add(kind: string, values: readonly (string | number | null)[]): void {
    this.#hash.update(`${kind}${JSON.stringify(values)}\n`);
  }
}

/** Reads all of a store, and gives it to `copy` as well. `onOutcomes` hears how many outcomes it has read. */
export async function summaryOf(
  contents: StoreContents,
  onOutcomes: (outcomes: number) => void,
  copy?: ContentsSink,
): Promise<StoreSummary> {
  const summary = new Summary();
  const sinks: readonly ContentsSink[] = copy === undefined ? [summary] : [copy, summary];
  const head = await contents.head();
  for (const sink of sinks) await sink.putHead(head);
  for await (const page of contents.records()) {
    for (const sink of sinks) await sink.addRecords(page);
    onOutcomes(summary.outcomes);
  }
  for await (const page of contents.replayedLetters()) {
    for (const sink of sinks) await sink.addReplayedLetters(page);
  }
  for await (const page of contents.events()) {
    for (const sink of sinks) await sink.addEvents(page);
  }
  for await (const page of contents.outcomeMinutes()) {
    for (const sink of sinks) await sink.addOutcomeMinutes(page);
  }
  return summary.result();
}

function termsOf(terms: StoreHead['campaigns'][number] | StoreHead['versions'][number]) {
  const { couponId, version, name, totalQuantity, status, validFromMs, validUntilMs } = terms;
  return [couponId, version, name, totalQuantity, status, validFromMs, validUntilMs];
}

function valuesOf(record: StoredRecord): readonly (string | number | null)[] {
  const { topic, partition, offset } = record.position;
  return [
    record.id,
    record.couponId,
    record.userId,
    record.eventId,
    record.outcome,
    record.sequence,
    record.campaignVersion,
    record.reasonCode,
    topic,
    partition,
    String(offset),
    record.timestampMs,
    record.issuedAtMs,
  ];
}
