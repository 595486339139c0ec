import kafkajs, { type Admin, type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { brokerError, timedOut } from './errors.js';
import { throughFailover } from './failover.js';
import {
  givingUpOnHanging,
  innerAdmin,
  tellingRefusedGroups,
  type InnerAdmin,
  type InnerCluster,
} from './kafkajs-internals.js';
import { socketFactory, withoutColons } from './ipv6.js';
import { LearntPatience } from './silence-timeout.js';
import { tlsOptions, type TlsFiles } from './tls.js';
import './codecs.js';
import './timeout-warning.js';

export interface SaslLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface ClusterOptions {
  readonly brokers: readonly string[];
  readonly tls: TlsFiles | null;
  readonly sasl: SaslLogin | null;
  /** How long one command waits for the broker. */
  readonly timeoutMs: number;
  /** kafkajs's own log lines, for --verbose and the log file. */
  readonly log: (line: string) => void;
}

const CONNECTION_TIMEOUT_MS = 3000;

/** The cluster behind --brokers. Connects on the first request. */
export class KafkaCluster {
  #admin: Promise<InnerAdmin> | null = null;
  #connected: Admin | null = null;

  /** A broker that hung is asked last by the clients to come. */
  readonly #patience: LearntPatience;

  constructor(readonly options: ClusterOptions) {
    const limitMs = Math.max(CONNECTION_TIMEOUT_MS, options.timeoutMs / 3);
    this.#patience = new LearntPatience(limitMs);
  }

  /**
   * Runs one piece of administration with the command's own deadline. `doing` is what the user is
   * told was tried ("listing topics"). Throws CliError only.
   */
  async request<T>(
    doing: string,
    work: (admin: Admin, inner: InnerCluster) => Promise<T>,
  ): Promise<T> {
    return this.attempt(doing, async () => {
      const { admin, inner } = await this.#connectedAdmin();
      return work(admin, inner);
    });
  }

  /** Like request, for what only looks: it is done again while leaders and coordinators move. */
  async look<T>(
    doing: string,
    work: (admin: Admin, inner: InnerCluster) => Promise<T>,
  ): Promise<T> {
    const { timeoutMs } = this.options;
    return this.request(doing, (admin, inner) =>
      throughFailover({ timeoutMs, refresh: () => inner.refreshMetadata() }, () =>
        work(admin, inner),
      ),
    );
  }

  /** Likewise, for work with other connections than the admin's that may be done twice. */
  async rideOut<T>(doing: string, work: () => Promise<T>, mending?: readonly string[]): Promise<T> {
    const { timeoutMs } = this.options;
    const refresh = () => this.request(doing, (_admin, inner) => inner.refreshMetadata());
    return this.attempt(doing, () => throughFailover({ timeoutMs, refresh, mending }, work));
  }

  /** Like request, for work with other connections than the admin's. */
  async attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
    const { brokers, timeoutMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(timedOut({ doing, brokers }, timeoutMs, this.#patience.hanging()));
      }, timeoutMs);
    });
    try {
      return await Promise.race([work(), deadline]);
    } catch (error) {
      throw brokerError(error, { doing, brokers });
    } finally {
      clearTimeout(timer);
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
      brokers: [...this.#patience.inOrder(brokers.map(withoutColons))],
      socketFactory,
      ssl: tls === null ? false : tlsOptions(tls),
      ...(sasl === null ? {} : { sasl: sasl as SASLOptions }),
      connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, timeoutMs),
      authenticationTimeout: Math.min(10_000, timeoutMs),
      requestTimeout: 30_000,
      // A missing broker is told at once; the little retry is for a broker that just restarts.
      retry: { retries: 4, initialRetryTime: 20, maxRetryTime: 1000 },
      logLevel: kafkajs.logLevel.INFO,
      logCreator: () => (entry) => {
        log(`${entry.namespace}: ${entry.log.message}`);
      },
      ...overrides,
    });
    return givingUpOnHanging(tellingRefusedGroups(kafka), this.#patience);
  }

  async close(): Promise<void> {
    // A connection that has not come up has nothing to close, and waiting for it would take long.
    await this.#connected?.disconnect().catch(() => undefined);
    this.#connected = null;
    this.#admin = null;
  }

  async #connectedAdmin(): Promise<InnerAdmin> {
    this.#admin ??= (async () => {
      const found = innerAdmin(this.client());
      await found.admin.connect();
      this.#connected = found.admin;
      return found;
    })();
    try {
      return await this.#admin;
    } catch (error) {
      this.#admin = null;
      throw error;
    }
  }
}
