import { CliError } from '../../errors.js';
import { unlessAborted, NoBrokerAnswers } from './call.js';
import { isNoSuchTopic, isUnreachable } from './errors.js';
import type { SharedConnections } from './inside/shared-connections.js';

interface Opened<T> {
  readonly connections: SharedConnections<T>;
  readonly connected: Promise<void>;
  state: 'connecting' | 'connected' | 'failed';
  /** The calls that use it now. */
  calls: number;
}

/**
 * Connections that open with the first call and are shared by all. kafkajs replaces one that breaks.
 * Where no broker answers, or a topic that kafkajs follows is gone, calls from then on get new
 * connections; the old ones are closed when the last call on them ends, so that the failure of one call
 * does not end another's request.
 */
export class LazyConnections<T> {
  #current: Opened<T> | null = null;
  readonly #retired = new Set<Opened<T>>();

  constructor(private readonly open: () => SharedConnections<T>) {}

  /** Throws NoBrokerAnswers where no connection comes about; else what `work` throws. */
  async use<R>(signal: AbortSignal, work: (view: T) => Promise<R>): Promise<R> {
    return this.#use(signal, ({ connections }) => work(connections.forCall(signal)));
  }

  /** Asks any broker for the cluster's metadata. Throws NoBrokerAnswers. */
  async refresh(signal: AbortSignal): Promise<void> {
    await this.#use(signal, ({ connections }) =>
      unlessAborted(signal, () => connections.refreshMetadata()).catch(asNoBrokerAnswers),
    );
  }

  async close(): Promise<void> {
    const opened = [...this.#retired, ...(this.#current === null ? [] : [this.#current])];
    this.#current = null;
    this.#retired.clear();
    await Promise.all(opened.map(disconnect));
  }

  /** While a topic that kafkajs follows is gone, it can't refresh its metadata. */
  async #use<R>(signal: AbortSignal, work: (opened: Opened<T>) => Promise<R>): Promise<R> {
    this.#current ??= openedBy(this.open);
    const opened = this.#current;
    opened.calls += 1;
    try {
      await unlessAborted(signal, () => opened.connected);
      return await work(opened);
    } catch (error) {
      const isUseless = opened.state === 'failed' || error instanceof NoBrokerAnswers;
      const cause = error instanceof CliError ? error.cause : error;
      if (isUseless || isNoSuchTopic(cause)) this.#retire(opened);
      throw error;
    } finally {
      opened.calls -= 1;
      if (opened.calls === 0 && this.#retired.delete(opened)) void disconnect(opened);
    }
  }

  #retire(opened: Opened<T>): void {
    if (this.#current !== opened) return;
    this.#current = null;
    this.#retired.add(opened);
  }
}

function openedBy<T>(open: () => SharedConnections<T>): Opened<T> {
  const connections = open();
  const connected = connections.connect().then(
    () => {
      opened.state = 'connected';
    },
    (error: unknown) => {
      opened.state = 'failed';
      asNoBrokerAnswers(error);
    },
  );
  // Every call that waited for it may have been given up.
  connected.catch(() => undefined);
  const opened: Opened<T> = { connections, connected, state: 'connecting', calls: 0 };
  return opened;
}

function asNoBrokerAnswers(error: unknown): never {
  throw isUnreachable(error) ? new NoBrokerAnswers(error) : error;
}

/** What has not connected has nothing to close, and waiting for it would take long. */
async function disconnect<T>({ connections, state }: Opened<T>): Promise<void> {
  if (state === 'connected') await connections.disconnect().catch(() => undefined);
}
