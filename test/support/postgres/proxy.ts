/**
 * A proxy between a store and PostgreSQL that loses connections, freezes and delays them at a statement of one's
 * choice, on its way there or with its answer.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import {
  asksForEncryption,
  clientMessages,
  isPartOfStatement,
  serverMessages,
  StatementTexts,
} from './messages.js';
import type { TestPostgres } from './postgres.js';

export interface StatementFaultOptions {
  /** Only statements whose text fits: /^COMMIT/. */
  readonly statement?: RegExp;
  /**
   * `before`: the server does not get the statement. `sent`: it gets the statement, and nobody waits for what becomes of it.
   * `answered`: it has carried the statement out, and the client does not get the answer.
   */
  readonly when: 'before' | 'sent' | 'answered';
  /** `cut`: the connection is gone. `freeze`: nothing passes on any connection until `thaw`. Left out: only the delay. */
  readonly does?: 'cut' | 'freeze';
  /** How long the statement, or its answer, waits first. */
  readonly delayMs?: number;
  /** How many statements that fit pass before the first that it hits (0), and how many it hits (1). */
  readonly after?: number;
  readonly count?: number;
}

export class StatementFault {
  #seen = 0;
  #hits = 0;

  constructor(readonly options: StatementFaultOptions) {}

  /** How many statements it has hit. */
  get hits(): number {
    return this.#hits;
  }

  /** Whether it hits this statement, which counts. */
  meets(text: string): boolean {
    const { statement, after = 0, count = 1 } = this.options;
    if (statement !== undefined && !statement.test(text)) return false;
    this.#seen += 1;
    if (this.#seen <= after || this.#hits >= count) return false;
    this.#hits += 1;
    return true;
  }
}

/** Made by usePostgresProxy(). */
export class PostgresProxy {
  readonly #connections = new Set<ProxiedConnection>();
  readonly #gate = new Gate();
  #faults: readonly StatementFault[] = [];
  #listener: Server | null = null;
  #port = 0;
  /** The texts of all statements that clients have sent, in their order. */
  readonly statements: string[] = [];

  constructor(private readonly target: () => URL) {}

  /** The same URL by way of the proxy. */
  url(direct: string): string {
    const url = new URL(direct);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** The first fault that meets a statement is the one that hits it. */
  add(options: StatementFaultOptions): StatementFault {
    const fault = new StatementFault(options);
    this.#faults = [...this.#faults, fault];
    return fault;
  }

  /** Takes all faults away, and forgets what it has seen. Whatever comes passes again. */
  async heal(): Promise<void> {
    this.#faults = [];
    this.statements.length = 0;
    this.thaw();
    await this.accept();
  }

  /** Nothing passes, either way. Who connects is accepted, and not answered. */
  freeze(): void {
    this.#gate.close();
  }

  /** What was held passes. */
  thaw(): void {
    this.#gate.open();
  }

  /** Every connection that there is. */
  cut(): void {
    for (const connection of this.#connections) connection.cut();
  }

  /** Refuses new connections; those that there are stay. */
  refuse(): void {
    this.#listener?.close();
    this.#listener = null;
  }

  /** Takes new connections: at first, and after `refuse`. */
  async accept(): Promise<void> {
    if (this.#listener !== null) return;
    const listener = createServer((client) => void this.#connect(client));
    this.#listener = listener;
    await once(listener.listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = (listener.address() as AddressInfo).port;
  }

  close(): void {
    this.refuse();
    this.cut();
    this.thaw();
  }

  async #connect(client: Socket): Promise<void> {
    const { hostname, port } = this.target();
    const server = connect({ host: hostname, port: Number(port) });
    const connection = new ProxiedConnection(client, server, this.#gate, (text) =>
      this.#meet(text),
    );
    this.#connections.add(connection);
    await connection.run();
    this.#connections.delete(connection);
  }

  #meet(text: string): StatementFaultOptions | null {
    this.statements.push(text);
    return this.#faults.find((fault) => fault.meets(text))?.options ?? null;
  }
}

class ProxiedConnection {
  readonly #texts = new StatementTexts();
  /** What becomes of the answers that the server still owes: to the client's first message, then to each statement. */
  readonly #owed: (StatementFaultOptions | null)[] = [null];

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly gate: Gate,
    private readonly meet: (text: string) => StatementFaultOptions | null,
  ) {
    for (const socket of [client, server]) socket.setNoDelay().on('error', () => undefined);
  }

  /** Resolves when the connection is over. */
  async run(): Promise<void> {
    // A socket that was cut ends its messages with an error.
    await Promise.allSettled([this.#passStatements(), this.#passAnswers()]);
  }

  /** The server carries out what it has got, and then learns that the client is gone. */
  cut(): void {
    this.client.destroy();
    this.server.end();
  }

  async #passStatements(): Promise<void> {
    try {
      let parts: Buffer[] = [];
      for await (const message of clientMessages(this.client)) {
        await this.gate.passed();
        if (asksForEncryption(message)) this.client.write('N');
        else parts.push(message.bytes);
        const text = this.#texts.endingWith(message);
        if (text === null && isPartOfStatement(message)) continue;
        await this.#passStatement(Buffer.concat(parts), text);
        parts = [];
      }
    } finally {
      await this.gate.passed();
      this.server.end();
    }
  }

  /** `text`: null for what is no statement. */
  async #passStatement(bytes: Buffer, text: string | null): Promise<void> {
    const fault = text === null ? null : this.meet(text);
    if (fault?.when === 'before') await this.#strike(fault);
    if (text !== null) this.#owed.push(fault);
    if (!this.server.writableEnded) this.server.write(bytes);
    if (fault?.when === 'sent') await this.#strike(fault);
  }

  async #passAnswers(): Promise<void> {
    try {
      let parts: Buffer[] = [];
      for await (const { type, bytes } of serverMessages(this.server)) {
        await this.gate.passed();
        parts.push(bytes);
        const fault = this.#owed[0] ?? null;
        const isWhole = type === READY_FOR_QUERY;
        if (fault?.when === 'answered' && !isWhole) continue;
        if (fault?.when === 'answered') await this.#strike(fault);
        if (!this.client.destroyed) this.client.write(Buffer.concat(parts));
        parts = [];
        if (isWhole) this.#owed.shift();
      }
    } finally {
      await this.gate.passed();
      this.client.end();
    }
  }

  async #strike({ delayMs = 0, does }: StatementFaultOptions): Promise<void> {
    await delay(delayMs);
    if (does === 'cut') this.cut();
    if (does === 'freeze') this.gate.close();
    await this.gate.passed();
  }
}

/** The last message of every answer. */
const READY_FOR_QUERY = 'Z';

/** What passes waits while it is closed. */
class Gate {
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;
  #isOpen = true;

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#isOpen = true;
    this.#open();
  }

  passed(): Promise<void> {
    return this.#opened;
  }
}

/** A proxy to the server of this test file; whole again before each test. */
export function usePostgresProxy(postgres: TestPostgres): PostgresProxy {
  const proxy = new PostgresProxy(() => new URL(postgres.connectionString));
  beforeAll(() => proxy.accept());
  beforeEach(() => proxy.heal());
  afterAll(() => {
    proxy.close();
  });
  return proxy;
}
