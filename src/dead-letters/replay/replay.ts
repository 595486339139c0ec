import { errorOf } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import type { LogRecord } from '../../ports/log.js';
import type { RecordSink, SendOptions, SendResult } from '../../ports/record-sink.js';
import { planReplays, type ReplaySources } from './plan.js';
import type { ReplayRecord } from './sendable.js';
import type { ReplayTally } from './tally.js';

/** A letter to plan. */
export interface SelectedLetter {
  readonly record: LogRecord;
  readonly letter: { readonly reasonCode: string | null };
}

/**
 * What there is to send, in the order of the letters, until `maxRecords` of them are. Letters that
 * are skipped do not use that up, so that one replay after the other works its way through the DLQ.
 */
export async function* replayRecords(
  letters: AsyncIterable<SelectedLetter>,
  sources: ReplaySources,
  maxRecords: number,
  tally: ReplayTally,
): AsyncGenerator<ReplayRecord> {
  for await (const some of inChunks(letters)) {
    const plans = await planReplays(
      some.map(({ record }) => record),
      sources,
    );
    for (const [index, plan] of plans.entries()) {
      tally.add(some[index]?.letter.reasonCode ?? null, plan);
      if (plan.kind === 'send') yield plan.record;
      if (tally.replayable >= maxRecords) return;
    }
  }
}

/** Planned at once: few enough that those of a slow replay are planned shortly before they are sent. */
const CHUNK_LETTERS = 100;
const CHUNK_BYTES = 4 * 1024 * 1024;

async function* inChunks(
  letters: AsyncIterable<SelectedLetter>,
): AsyncGenerator<readonly SelectedLetter[]> {
  let chunk: SelectedLetter[] = [];
  let bytes = 0;
  for await (const letter of letters) {
    chunk.push(letter);
    bytes += letter.record.value?.length ?? 0;
    if (chunk.length < CHUNK_LETTERS && bytes < CHUNK_BYTES) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Sends to the topic that each record came from, and then remembers its letter, in this order: a
 * crash between the two sends a letter twice (harmless, for its request is decided once), and never
 * remembers one that was not sent.
 */
export class ReplaySink implements RecordSink<ReplayRecord> {
  readonly #sinkOf: (topic: string) => Promise<RecordSink>;
  readonly #store: Pick<CouponStore, 'rememberReplayed'>;
  readonly #opened = new Set<string>();

  /** The caller closes the sinks. */
  constructor(
    sinkOf: (topic: string) => Promise<RecordSink>,
    store: Pick<CouponStore, 'rememberReplayed'>,
  ) {
    this.#sinkOf = sinkOf;
    this.#store = store;
  }

  /** Each topic's sink is opened when the first record goes there. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  async send(records: readonly ReplayRecord[], options: SendOptions = {}): Promise<SendResult> {
    const acknowledged: { partition: number; records: number }[] = [];
    for (const [topic, those] of groupBy(records, (record) => record.topic)) {
      const sink = await this.#sinkOf(topic);
      if (!this.#opened.has(topic)) await sink.open();
      this.#opened.add(topic);
      const sent = await sink.send(those, options);
      acknowledged.push(...sent.acknowledged);
      // Which of them are in the log is not known then: they are sent again.
      if (sent.error !== null) return { acknowledged, error: sent.error };
      const error = await this.#remember(those);
      if (error !== null) return { acknowledged, error };
    }
    return { acknowledged, error: null };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #remember(records: readonly ReplayRecord[]): Promise<Error | null> {
    try {
      await this.#store.rememberReplayed(records.map(({ letter }) => letter));
      return null;
    } catch (error) {
      return errorOf(error);
    }
  }
}
