import kafkajs, { type Admin, type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import type { SaslLogin, TlsFiles } from '../../ports/cluster-access.js';
import { Deadline, perform, WHILE_MOVING, type KafkaCall } from './call.js';
import { brokerError, timedOut } from './errors.js';
import { withQuickFetches } from './fetch-decoding.js';
import { endingClient } from './inside/ending.js';
import type { InnerCluster } from './inside/objects.js';
import { reportingRefusedGroups } from './inside/refused-groups.js';
import { innerAdmin, type InnerAdmin } from './inside/shared-connections.js';
import { IDEMPOTENT_WRITES, withSilenceTimeout } from './inside/silent-brokers.js';
import { socketFactory, withoutColons } from './ipv6.js';
import { LazyConnections } from './lazy-connections.js';
import { silenceLimitMs, SilenceTimeouts } from './silence-timeout.js';
import { tlsOptions } from './tls.js';
import './codecs.js';
import './idle-connections.js';

export interface ClusterOptions {
  readonly brokers: readonly string[];
  readonly tls: TlsFiles | null;
  readonly sasl: SaslLogin | null;
  /** How long a command waits for the broker (--timeout). */
  readonly timeoutMs: number;
  /** kafkajs's own log lines, for --verbose and the log file. */
  readonly log: (line: string) => void;
}

const CONNECTION_TIMEOUT_MS = 3000;

/** A leader says after ACKNOWLEDGE_MS at the latest that its replicas have not followed. */
export const ACKNOWLEDGE_MS = 2000;
const LEADER_SILENCE_MS = ACKNOWLEDGE_MS + 2000;

/** What a call is, where `doing` says enough. */
export type CallOrDoing = KafkaCall | string;

export type AdminWork<T> = (admin: Admin, inner: InnerCluster, signal: AbortSignal) => Promise<T>;

/** The cluster behind --brokers. Connects on the first request. */
export class KafkaCluster {
  readonly #shared: Shared;

  constructor(
    readonly options: ClusterOptions,
    shared: Partial<Shared> = {},
  ) {
    const limitMs = silenceLimitMs(options.timeoutMs);
    this.#shared = {
      silence: shared.silence ?? new SilenceTimeouts(limitMs),
      admin: shared.admin ?? new LazyConnections(() => innerAdmin(this.client())),
    };
  }

  /**
   * One request or several over the shared connections. Once the call is over, `admin` and `inner` send
   * nothing more. Throws CliError only.
   */
  async request<T>(call: CallOrDoing, work: AdminWork<T>): Promise<T> {
    const { admin } = this.#shared;
    return this.call(call, (signal) =>
      admin.use(signal, (view) => work(view.admin, view.inner, signal)),
    );
  }

  /** A request that changes nothing: it is retried while leaders and coordinators move. */
  async query<T>(call: CallOrDoing, work: AdminWork<T>): Promise<T> {
    return this.request({ retry: WHILE_MOVING, ...asCall(call) }, work);
  }

  /**
   * A call over other connections than the admin's. `work` gets the signal that ends it; `connections`
   * are those that learn of moved leaders before it is retried. Throws CliError only.
   */
  async call<T>(
    call: CallOrDoing,
    work: (signal: AbortSignal) => Promise<T>,
    connections: Pick<LazyConnections<unknown>, 'refresh'> = this.#shared.admin,
  ): Promise<T> {
    const { brokers, timeoutMs } = this.options;
    const whole = { deadline: new Deadline(timeoutMs), ...asCall(call) };
    const attempt = { doing: whole.doing, brokers };
    try {
      const environment = {
        refresh: (signal: AbortSignal) => connections.refresh(signal),
        timedOut: () => {
          const limitMs = whole.deadline.limitMs;
          return timedOut(attempt, limitMs, this.#shared.silence.hanging());
        },
      };
      return await perform(whole, environment, work);
    } catch (error) {
      throw brokerError(error, attempt);
    }
  }

  /**
   * A new client. Each has its own cache of committed offsets, which kafkajs keeps a client and a
   * group: members of one group must not share one.
   */
  client(overrides: Partial<KafkaConfig> = {}): Kafka {
    const { brokers, tls, sasl, timeoutMs, log } = this.options;
    const kafka = new kafkajs.Kafka({
      clientId: 'coupons',
      brokers: [...this.#shared.silence.inOrder(brokers.map(withoutColons))],
      socketFactory,
      ssl: tls === null ? false : tlsOptions(tls),
      ...(sasl === null ? {} : { sasl: sasl as SASLOptions }),
      connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, timeoutMs),
      authenticationTimeout: Math.min(10_000, timeoutMs),
      requestTimeout: 30_000,
      // A missing broker is reported at once; the few retries are for one that is just restarting.
      retry: { retries: 4, initialRetryTime: 20, maxRetryTime: 1000 },
      logLevel: kafkajs.logLevel.INFO,
      logCreator: () => (entry) => {
        log(`${entry.namespace}: ${entry.log.message}`);
      },
      ...overrides,
    });
    return withSilenceTimeout(
      reportingRefusedGroups(withQuickFetches(kafka)),
      this.#shared.silence,
    );
  }

  /**
   * A client for an idempotent producer: it gives up a leader that does not answer, so that the batch can be
   * sent to the next one, and sends nothing more once the signal aborts.
   */
  producerClient(signal: AbortSignal): Kafka {
    const { onHanging } = this.#shared.silence;
    const timeout = { limitMs: () => LEADER_SILENCE_MS, onHanging };
    return endingClient(withSilenceTimeout(this.client(), timeout, IDEMPOTENT_WRITES), signal);
  }

  async close(): Promise<void> {
    await this.#shared.admin.close();
  }
}

interface Shared {
  readonly admin: LazyConnections<InnerAdmin>;
  /** Brokers that hung come last in clients made later. */
  readonly silence: SilenceTimeouts;
}

function asCall(call: CallOrDoing): KafkaCall {
  return typeof call === 'string' ? { doing: call } : call;
}
