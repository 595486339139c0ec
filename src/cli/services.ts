/** Constructs the adapters: cluster, reader, clock, prompt, signals; those of stores are in stores.ts. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnreachableError, hasCode } from '../errors.js';
import type { KafkaCluster } from '../kafka/client/cluster.js';
import type { MemberOptions } from '../kafka/group/group-member.js';
import { Output } from '../output/output.js';
import { liveLine, SILENT, type LiveLine } from '../output/spinner.js';
import type { OutputStream } from '../output/stream.js';
import type { Clock } from '../ports/clock.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { ConsumerStore, CouponStore } from '../ports/coupon-store.js';
import type { GroupStore, StorePlace, StoreStand } from '../ports/group-store.js';
import type { GroupMember } from '../ports/group-member.js';
import type { ClusterLogReader } from '../ports/log.js';
import type { DeliveryLimit, RecordSink } from '../ports/record-sink.js';
import type {
  MigrationProgress,
  StoreAccess,
  StoreMode,
  TransactionListener,
} from '../ports/store-access.js';
import { count } from '../text/figures.js';
import type { Signals } from '../signals.js';
import type { Confirmation, Consent } from './confirm/confirmation.js';
import type { Target } from './confirm/target.js';
import { pastedCommand } from './settings/pasted-command.js';
import type { GlobalOptions } from './settings/options.js';
import { saslLogin } from './settings/sasl-login.js';
import { keepSharedStore } from './settings/shared-store.js';
import { accessTo } from './stores.js';

/** What the process brings: what came from outside, and where to write. */
export interface ProcessEnds {
  readonly signals: Signals;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** For all adapters together to close: a stop takes 2 s at most, with leaving the group before. */
const CLOSE_LIMIT_MS = 500;

/** What `close` has to undo. */
interface Closable {
  close(): Promise<void>;
}

export class Services {
  readonly output: Output;
  readonly clock: Clock = {
    now: Date.now,
    wait: async (ms, signal) => {
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    },
  };
  readonly #closables: Closable[] = [];
  #cluster: Promise<KafkaCluster> | null = null;
  #storeAccess: Promise<StoreAccess> | null = null;

  readonly #signals: Signals;
  /** What `output` writes to, for what streams data. */
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;

  constructor(
    readonly options: GlobalOptions,
    { signals, stdout, stderr }: ProcessEnds,
  ) {
    this.#signals = signals;
    this.stdout = stdout;
    this.stderr = stderr;
    this.output = new Output({
      ...options,
      isDumb: process.env['TERM'] === 'dumb',
      stdout,
      stderr,
    });
  }

  /** Loads kafkajs; connects on the first request. */
  cluster(): Promise<KafkaCluster> {
    this.#cluster ??= import('../kafka/client/cluster.js').then(({ KafkaCluster }) => {
      const { brokers, tls, timeoutMs } = this.options;
      const sasl = saslLogin(this.options.sasl, process.env);
      const log = (line: string) => {
        this.output.detail(line);
      };
      return this.#closing(new KafkaCluster({ brokers, tls, sasl, timeoutMs, log }));
    });
    return this.#cluster;
  }

  /** Shares the connections of `cluster`. */
  async admin(): Promise<ClusterAdmin> {
    const { KafkajsClusterAdmin } = await import('../kafka/admin/kafkajs-cluster-admin.js');
    return new KafkajsClusterAdmin(await this.cluster());
  }

  async reader(): Promise<ClusterLogReader> {
    const { KafkaLogReader } = await import('../kafka/log/log-reader.js');
    return this.#closing(new KafkaLogReader(await this.cluster()));
  }

  /** Sends to a topic. A send that is not acknowledged within the limit has failed. */
  async producer(topic: string, limit?: DeliveryLimit): Promise<RecordSink> {
    const { KafkaRecordProducer } = await import('../kafka/producer/record-producer.js');
    const { ms, option } = limit ?? { ms: this.options.timeoutMs, option: '--timeout' };
    return this.#closing(new KafkaRecordProducer(await this.cluster(), topic, { ms, option }));
  }

  /** A member of a consumer group; joins with `start`. */
  async member(options: MemberOptions): Promise<GroupMember> {
    const { KafkaGroupMember } = await import('../kafka/group/group-member.js');
    return new KafkaGroupMember(await this.cluster(), options);
  }

  /** The store of --store, not open yet. */
  storeAccess(): Promise<StoreAccess> {
    this.#storeAccess ??= accessTo(this.options);
    return this.#storeAccess;
  }

  /** Opens the store of --store to write; creates it where there is none yet. */
  newOrExistingStore(): Promise<CouponStore> {
    return this.#openStore('create');
  }

  /** The same for a consumer. */
  async consumerStore(onTransaction?: TransactionListener): Promise<ConsumerStore> {
    // Opened as by any other command first, which creates it or brings it up to date, and says what is wrong with it.
    const store = await this.newOrExistingStore();
    await store.close();
    const access = await this.storeAccess();
    return this.#closing(await access.openForConsumer(onTransaction));
  }

  /** To write. Throws UnreachableError where there is none. */
  writableStore(): Promise<CouponStore> {
    return this.#openStore('read-write');
  }

  /** The store as it is, to read, whoever writes to it. Throws UnreachableError where there is none. */
  readableStore(): Promise<CouponStore> {
    return this.#openStore('read-only');
  }

  /**
   * The store that this context shared with others before it had its own, to read; null where there is no such
   * file. Throws UnreachableError as readableStore does.
   */
  async sharedStore(): Promise<CouponStore | null> {
    const { sharedStorePath } = this.options;
    if (sharedStorePath === null || !existsSync(sharedStorePath)) return null;
    const { openStore } = await import('../store/sqlite/open.js');
    return this.#closing(openStore(sharedStorePath, { mode: 'read-only' }));
  }

  /** As this run says it to a group: which store it is, and where. */
  async groupStore(store: Pick<CouponStore, 'identity'>): Promise<GroupStore> {
    const { id } = await store.identity();
    return { id, ...this.storePlace(), sinceMs: this.clock.now(), pid: process.pid };
  }

  /** Where this run has the store of --store: an absolute path on this host, or the database's URL. */
  storePlace(): StorePlace {
    const { kind, name } = this.options.store;
    return { host: hostname(), path: kind === 'sqlite' ? resolve(name) : name };
  }

  /** Which store that of --store is, and how far it has read. Throws UnreachableError. */
  async storeStand(): Promise<StoreStand> {
    return (await this.storeAccess()).stand();
  }

  /** Of the SQLite that loads here; throws where none does. */
  async sqliteVersion(): Promise<string> {
    const { sqliteVersion } = await import('../store/sqlite/health.js');
    return sqliteVersion();
  }

  /** Aborts at the first SIGINT, SIGTERM or SIGHUP; the second one ends the process with 130. */
  gracefulStop(): AbortSignal {
    return this.#signals.graceful();
  }

  /** The same for what runs on only to write to stdout: it also ends when it can't any more. */
  streamStop(): AbortSignal {
    return AbortSignal.any([this.gracefulStop(), this.stdout.unwritable]);
  }

  /** A command that is shown, as it is to be pasted. */
  pasted(command: string): string {
    return pastedCommand(command, this.options);
  }

  /**
   * Before a change that is asked about: on a terminal, or --yes elsewhere. `hasDryRun`: of the command. Throws
   * as Confirmation.ask does.
   */
  async confirm(text: string, target: Target, consent: Consent, hasDryRun = true): Promise<string> {
    const confirmation = await this.#confirmation();
    return confirmation.ask({ text, target, hasDryRun }, consent);
  }

  /** Likewise, and takes it for a yes where there is no terminal: scripts go on. */
  async confirmOnTerminal(text: string, target: Target, consent: Consent): Promise<void> {
    await (await this.#confirmation()).askOnTerminal(text, target, consent);
  }

  /** Before any other change: says what will be changed. Throws as Confirmation.announce does. */
  async announceChange(target: Target): Promise<void> {
    await (await this.#confirmation()).announce(target);
  }

  async #confirmation(): Promise<Confirmation> {
    const { Confirmation } = await import('./confirm/confirmation.js');
    const { identified } = await import('./confirm/identified.js');
    const asking = {
      canAsk: process.stdin.isTTY && process.stderr.isTTY && !this.output.isJson,
      answerTo: async (question: string) => {
        const { answerTo } = await import('./confirm/prompt.js');
        return answerTo(question, this.#signals.stopped);
      },
    };
    const identify = (target: Target) => identified(this, target);
    return new Confirmation(this.options, this.output, asking, identify, process.env);
  }

  /** Closes this as well at the end of the command. */
  closeAtEnd(closable: Closable): void {
    this.#closing(closable);
  }

  /** Closes what was opened. A broker that does not answer must not hold the shell. */
  async close(): Promise<void> {
    const closed = this.#closables.splice(0).map((closable) => closable.close());
    await Promise.race([Promise.allSettled(closed), sleep(CLOSE_LIMIT_MS)]);
  }

  async #openStore(mode: StoreMode): Promise<CouponStore> {
    const access = await this.storeAccess();
    const line = mode === 'read-only' ? SILENT : await this.#migrationLine(access);
    try {
      return this.#closing(await access.open(mode, drawOn(line)));
    } catch (error) {
      const wasShared = this.#sharedStoreHint();
      if (wasShared === null || !hasCode(error, 'STORE_NOT_FOUND')) throw error;
      throw new UnreachableError(error.code, error.message, wasShared);
    } finally {
      line.stop();
    }
  }

  /** A line to draw on where opening the store to write will migrate it. */
  async #migrationLine(access: StoreAccess): Promise<LiveLine> {
    if (!this.output.isLive || !(await access.exists())) return SILENT;
    const { rows } = await access.pendingMigration();
    return rows === 0 ? SILENT : liveLine(this.output, 'migrating the store');
  }

  #sharedStoreHint(): string | null {
    const { contextName, sharedStorePath } = this.options;
    if (contextName === null || sharedStorePath === null || !existsSync(sharedStorePath)) {
      return null;
    }
    return keepSharedStore(contextName, sharedStorePath);
  }

  #closing<T extends Closable>(closable: T): T {
    this.#closables.push(closable);
    return closable;
  }
}

function drawOn(line: LiveLine): (progress: MigrationProgress) => void {
  return ({ done, total }) => {
    line.draw(`migrating the store: ${count(done)} of ${count(total)} outcomes`);
  };
}
