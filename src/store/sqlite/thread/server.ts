import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { ConsumerStore } from '../../../ports/coupon-store.js';
import type { StoreTransaction, TransactionListener } from '../../../ports/store-access.js';
import {
  MAX_GROUP_RECORDS,
  type Failed,
  type Group,
  type GroupAnswer,
  type GroupResult,
} from '../../group.js';
import type { Checkpoints } from '../file/checkpoints.js';
import type { Answer, Request, Requests, Result } from './messages.js';
import { packApplied, unpackBatch } from './packed-batch.js';
import { toSent } from './sent-error.js';

/** A store that commits several batches in one transaction. */
export interface GroupCommitStore extends Omit<ConsumerStore, 'applyBatch' | 'recordEvents'> {
  /** Durable when it resolves. */
  applyGroup(group: Group, onTransaction?: TransactionListener): Promise<GroupAnswer>;
}

export interface ServeOptions {
  /** Each answer to batches says what transactions they took. */
  readonly isMeasured: boolean;
}

/** What may share a transaction. */
type GroupRequest = Extract<Request, { kind: 'apply' | 'record' }>;
type CallRequest = Extract<Request, { kind: 'call' }>;

/**
 * Works on what comes through the port, in order, until it is told to close. All batches that wait
 * when the store is free share one commit: while it syncs the disk, the next ones gather.
 */
export function serveStore(
  port: MessagePort,
  store: GroupCommitStore,
  checkpoints: Checkpoints,
  options: ServeOptions,
): void {
  const server = new StoreServer(port, store, checkpoints, options);
  port.on('message', (requests: Requests) => {
    server.received(requests);
  });
}

class StoreServer {
  readonly #port: MessagePort;
  readonly #store: GroupCommitStore;
  readonly #checkpoints: Checkpoints;
  readonly #options: ServeOptions;
  #waiting: Request[] = [];
  #isWorking = false;

  constructor(
    port: MessagePort,
    store: GroupCommitStore,
    checkpoints: Checkpoints,
    options: ServeOptions,
  ) {
    this.#port = port;
    this.#store = store;
    this.#checkpoints = checkpoints;
    this.#options = options;
  }

  received(requests: Requests): void {
    this.#add(requests);
    if (!this.#isWorking) void this.#work();
  }

  #add(requests: Requests): void {
    this.#waiting.push(...requests);
    // The event loop turns only where the store waits for the lock of another process: that wait ends.
    if (requests.some(({ kind }) => kind === 'close')) {
      setImmediate(() => void this.#store.close());
    }
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (;;) {
      this.#receiveWaiting();
      const next = this.#waiting[0];
      if (next === undefined) break;
      if (isOfGroup(next)) {
        await this.#apply(this.#takeGroup());
        continue;
      }
      if (next.kind === 'call') await this.#call(next);
      else await this.#close();
      this.#waiting.shift();
    }
    this.#isWorking = false;
  }

  /** What has come meanwhile. Asking the port spares a turn of the event loop between two commits. */
  #receiveWaiting(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { message: Requests } | undefined;
      if (received === undefined) return;
      this.#add(received.message);
    }
  }

  /** The batches and events at the head of what waits. */
  #takeGroup(): readonly GroupRequest[] {
    const group: GroupRequest[] = [];
    let records = 0;
    for (const request of this.#waiting) {
      if (!isOfGroup(request)) break;
      records += request.kind === 'apply' ? request.batch.steps.length : 0;
      if (group.length > 0 && records > MAX_GROUP_RECORDS) break;
      group.push(request);
    }
    this.#waiting.splice(0, group.length);
    return group;
  }

  async #apply(group: readonly GroupRequest[]): Promise<void> {
    const transactions: StoreTransaction[] | null = this.#options.isMeasured ? [] : null;
    const { results: applied, eventsFailure } = await this.#answerTo(group, transactions);
    const recorded = eventsFailure === null ? RECORDED : toSentResult(eventsFailure);
    const ofBatches = applied.map(toSentResult).values();
    const results = group.map(({ id, kind }) => ({
      id,
      result: kind === 'record' ? recorded : (ofBatches.next().value ?? NO_RESULT),
    }));
    this.#answer({ kind: 'results', results, ...(transactions === null ? {} : { transactions }) });
    this.#receiveWaiting();
    this.#checkpoints.betweenCommits(this.#waiting.length === 0);
  }

  /** Adds to `transactions` what they took. */
  async #answerTo(
    group: readonly GroupRequest[],
    transactions: StoreTransaction[] | null,
  ): Promise<GroupAnswer> {
    const batches = group.flatMap((each) =>
      each.kind === 'apply' ? [unpackBatch(each.batch)] : [],
    );
    const events = group.flatMap((each) => (each.kind === 'record' ? each.events : []));
    const measure: TransactionListener | undefined =
      transactions === null
        ? undefined
        : (transaction) => {
            transactions.push(transaction);
          };
    try {
      return await this.#store.applyGroup({ batches, events }, measure);
    } catch (error) {
      const failed: Failed = { kind: 'failed', error };
      return { results: batches.map(() => failed), eventsFailure: failed };
    }
  }

  async #call({ id, method, args }: CallRequest): Promise<void> {
    const call = this.#store[method].bind(this.#store) as (
      ...args: readonly unknown[]
    ) => Promise<unknown>;
    const result = await call(...args).then(
      (value): Result => ({ kind: 'value', value }),
      (error: unknown): Result => ({ kind: 'failed', error: toSent(error) }),
    );
    this.#answer({ kind: 'results', results: [{ id, result }] });
  }

  async #close(): Promise<void> {
    await this.#store.close();
    this.#answer({ kind: 'closed' });
    this.#port.close();
  }

  #answer(answer: Answer): void {
    this.#port.postMessage(answer);
  }
}

const RECORDED: Result = { kind: 'value', value: undefined };

const NO_RESULT: Result = {
  kind: 'failed',
  error: toSent(new Error('the store gave no result for a batch')),
};

function isOfGroup(request: Request): request is GroupRequest {
  return request.kind === 'apply' || request.kind === 'record';
}

function toSentResult(result: GroupResult): Result {
  switch (result.kind) {
    case 'applied':
      return { kind: 'applied', applied: packApplied(result.applied) };
    case 'fenced':
      return result;
    case 'failed':
      return { kind: 'failed', error: toSent(result.error) };
  }
}
