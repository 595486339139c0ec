import type { MessagePort } from 'node:worker_threads';
import {
  StoreUnavailableError,
  type ApplyBatch,
  type ApplyResult,
  type ConsumerStore,
} from '../../../ports/coupon-store.js';
import type { TransactionListener } from '../../../ports/store-access.js';
import type { Answer, PlainMethod, Request, Requests, Result } from './messages.js';
import { packBatch, unpackApplied } from './packed-batch.js';
import { fromSent } from './sent-error.js';

/** One side of a channel: a MessagePort, or the Worker itself. */
export type Channel = Pick<MessagePort, 'postMessage'> & {
  on(event: 'message', listener: (answer: Answer) => void): unknown;
};

interface Caller {
  readonly answered: (result: Result) => void;
  readonly failed: (error: Error) => void;
}

/**
 * The store that another thread works on (server.ts). Calls are carried out in the order in which they
 * are made; a caller need not wait for one before it makes the next.
 */
export class StoreClient implements ConsumerStore {
  readonly #channel: Channel;
  readonly #onTransaction: TransactionListener | undefined;
  readonly #callers = new Map<number, Caller>();
  /** Resolves when the other side has closed the store, or is gone. */
  readonly #closed: Promise<void>;
  #isClosed: () => void = () => undefined;
  #calls = 0;
  #outgoing: Request[] = [];
  /** Why nothing is asked any more. */
  #ended: StoreUnavailableError | null = null;

  /** `onTransaction` hears of what the other side measures. */
  constructor(channel: Channel, onTransaction?: TransactionListener) {
    this.#channel = channel;
    this.#onTransaction = onTransaction;
    this.#closed = new Promise((resolve) => (this.#isClosed = resolve));
    channel.on('message', (answer) => {
      this.#answered(answer);
    });
  }

  async applyBatch(batch: ApplyBatch): Promise<ApplyResult> {
    const result = await this.#ask((id) => ({ kind: 'apply', id, batch: packBatch(batch) }));
    if (result.kind === 'fenced') return result;
    if (result.kind === 'applied') {
      return { kind: 'applied', applied: unpackApplied(result.applied) };
    }
    throw new Error(`the store's thread answered a batch with ${result.kind}`);
  }

  identity(): ReturnType<ConsumerStore['identity']> {
    return this.#call('identity', []);
  }

  positions(
    ...args: Parameters<ConsumerStore['positions']>
  ): ReturnType<ConsumerStore['positions']> {
    return this.#call('positions', args);
  }

  deadLettered(
    ...args: Parameters<ConsumerStore['deadLettered']>
  ): ReturnType<ConsumerStore['deadLettered']> {
    return this.#call('deadLettered', args);
  }

  async recordEvents(events: Parameters<ConsumerStore['recordEvents']>[0]): Promise<void> {
    await this.#ask((id) => ({ kind: 'record', id, events }));
  }

  close(): Promise<void> {
    if (this.#ended === null) this.#post({ kind: 'close' });
    this.#ended ??= new StoreUnavailableError('STORE_CLOSED', 'The store is closed.');
    return this.#closed;
  }

  /** The other side is gone: whatever was asked of it fails, now and later. */
  end(error: StoreUnavailableError): void {
    this.#ended ??= error;
    const callers = [...this.#callers.values()];
    this.#callers.clear();
    for (const { failed } of callers) failed(error);
    this.#isClosed();
  }

  async #call<Method extends PlainMethod>(
    method: Method,
    args: Parameters<ConsumerStore[Method]>,
  ): Promise<Awaited<ReturnType<ConsumerStore[Method]>>> {
    const result = await this.#ask((id) => ({ kind: 'call', id, method, args }));
    if (result.kind === 'value') {
      return result.value as Awaited<ReturnType<ConsumerStore[Method]>>;
    }
    throw new Error(`the store's thread answered ${method} with ${result.kind}`);
  }

  #ask(requestOf: (id: number) => Request): Promise<Result> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = (this.#calls += 1);
    this.#post(requestOf(id));
    return new Promise((answered, failed) => {
      this.#callers.set(id, { answered, failed });
    });
  }

  /** What is asked before the program waits for anything goes in one message. */
  #post(request: Request): void {
    this.#outgoing.push(request);
    if (this.#outgoing.length > 1) return;
    queueMicrotask(() => {
      const requests: Requests = this.#outgoing;
      this.#outgoing = [];
      this.#channel.postMessage(requests);
    });
  }

  #answered(answer: Answer): void {
    if (answer.kind === 'closed') {
      this.end(new StoreUnavailableError('STORE_CLOSED', 'The store is closed.'));
      return;
    }
    for (const transaction of answer.transactions ?? []) this.#onTransaction?.(transaction);
    for (const { id, result } of answer.results) {
      const caller = this.#callers.get(id);
      this.#callers.delete(id);
      if (result.kind === 'failed') caller?.failed(fromSent(result.error));
      else caller?.answered(result);
    }
  }
}
