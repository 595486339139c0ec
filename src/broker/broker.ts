/**
 * The embedded broker: one Kafka node on the loopback interface, for demos, development and tests
 * on one machine. docs/embedded-broker.md says what it is and what it is not.
 */
import { mkdirSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { CliError, messageOf, UnreachableError } from '../errors.js';
import { systemClock, type Clock } from './clock.js';
import { Connection, type InFlight } from './connection.js';
import { DataDirLock, lockHolder } from './data-dir-lock.js';
import type { Faults } from './faults.js';
import { Coordinator } from './groups/coordinator.js';
import { MAX_CONNECTIONS } from './limits.js';
import { Storage } from './storage/storage.js';

const HOST = '127.0.0.1';

/** log.retention.check.interval.ms, as in Kafka. */
const RETENTION_CHECK_MS = 300_000;

export interface BrokerOptions {
  /** The broker's own folder; made where it does not exist. */
  readonly dataDir: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** For tests: what goes wrong. Nothing by default. */
  readonly faults?: Faults | null;
  /** For tests: the broker's time. The machine's by default. */
  readonly clock?: Clock;
}

export interface RunningBroker {
  /** `host:port`, for --brokers. */
  readonly address: string;
  readonly port: number;
  readonly clusterId: string;
  /** Closes the connections, and gives the data directory back. */
  stop(): Promise<void>;
}

/**
 * Starts a broker in this process. Throws UnreachableError PORT_IN_USE, DATA_DIR_NOT_WRITABLE or
 * BROKER_ALREADY_RUNNING, and CliError BROKER_DATA_CORRUPT or BROKER_DATA_NEWER.
 */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { dataDir, log } = options;
  const lock = acquireLock(dataDir);
  const warn = (message: string) => log('warn', message);
  let storage: Storage | undefined;
  try {
    storage = new Storage(dataDir, options.clock ?? systemClock, warn);
    const running = await serve(options, storage, lock);
    log('info', `The embedded broker listens on ${running.address}, its data is in ${dataDir}.`);
    return running;
  } catch (error) {
    storage?.close();
    lock.release();
    throw error;
  }
}

async function serve(
  { dataDir, port, log, faults = null, clock = systemClock }: BrokerOptions,
  storage: Storage,
  lock: DataDirLock,
): Promise<RunningBroker> {
  const warn = (message: string) => log('warn', message);
  const groups = new Coordinator(storage.groupOffsets, clock, (line) => log('info', line));
  const sockets = new Set<Socket>();
  const inFlight: InFlight = { bytes: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const context = {
      storage,
      groups,
      clock,
      warn,
      faults,
      host: HOST,
      port: portOf(server),
      dataDir,
    };
    new Connection(socket, context, inFlight, warn);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => warn(`Refused a connection: ${String(MAX_CONNECTIONS)} are open.`));
  await listen(server, port);
  const address = `${HOST}:${String(portOf(server))}`;
  lock.publish({ pid: process.pid, address });
  const cancelRetention = repeatRetention(storage, clock, warn);

  const shutDown = async () => {
    cancelRetention();
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    storage.close();
    lock.release();
  };
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= shutDown());
  return { address, port: portOf(server), clusterId: storage.clusterId, stop };
}

function acquireLock(dataDir: string): DataDirLock {
  let lock: DataDirLock | null;
  try {
    mkdirSync(dataDir, { recursive: true });
    lock = DataDirLock.acquire(dataDir);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new UnreachableError(
      'DATA_DIR_NOT_WRITABLE',
      `The broker cannot write to ${dataDir}: ${messageOf(error)}.`,
      'Check the permissions and the free space, or choose another --data-dir.',
      { cause: error },
    );
  }
  if (lock !== null) return lock;
  const holder = lockHolder(dataDir);
  const who = holder === null ? '' : `, on ${holder.address} (pid ${String(holder.pid)})`;
  throw new UnreachableError(
    'BROKER_ALREADY_RUNNING',
    `A broker is already running on ${dataDir}${who}.`,
    'Use that one, stop it with `coupons broker stop`, or choose another --data-dir.',
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(port, error)));
    server.listen(port, HOST, () => resolve());
  });
}

function listenError(port: number, error: NodeJS.ErrnoException): CliError {
  const where = `${HOST}:${String(port)}`;
  const inUse = error.code === 'EADDRINUSE';
  return new UnreachableError(
    inUse ? 'PORT_IN_USE' : 'PORT_NOT_AVAILABLE',
    inUse
      ? `Port ${String(port)} of ${HOST} is in use by another program.`
      : `The broker cannot listen on ${where}: ${messageOf(error)}.`,
    'Choose another port with --port.',
    { cause: error },
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function repeatRetention(
  storage: Storage,
  clock: Clock,
  warn: (message: string) => void,
): () => void {
  let cancel: () => void = () => undefined;
  const schedule = () => {
    cancel = clock.after(RETENTION_CHECK_MS, () => {
      storage.enforceRetention(clock.now()).catch((error: unknown) => {
        warn(`Expired records could not be deleted: ${messageOf(error)}.`);
      });
      schedule();
    });
  };
  schedule();
  return () => cancel();
}
