/**
 * One client's connection: frames in, answers out. Requests are answered one at a time and in
 * order, as Kafka does; while one is being answered or its answer waits for a slow reader, no more
 * is read. What is not Kafka's protocol ends this connection, with one line in the log.
 */
import type { Socket } from 'node:net';
import { messageOf } from '../errors.js';
import { ConnectionFault, type RequestContext } from './api.js';
import { API_VERSIONS_KEY, apiTable } from './api-table.js';
import { writeUnsupportedVersion } from './apis/cluster/api-versions.js';
import {
  HALF_FRAME_MS,
  IDLE_CONNECTION_MS,
  MAX_IN_FLIGHT_BYTES,
  MAX_REQUEST_BYTES,
} from './limits.js';
import { MalformedRequestError, nullableString, Reader, Writer } from './wire/codec.js';
import { ErrorCode } from './wire/error-code.js';

/** What a request needs to know beside its own connection. */
export type BrokerContext = Omit<
  RequestContext,
  'api' | 'version' | 'clientId' | 'clientHost' | 'fault'
>;

/** Shared by all connections. */
export interface InFlight {
  bytes: number;
}

const LENGTH_BYTES = 4;
/** API key, version, correlation id and the length of the client id. */
const MIN_HEADER_BYTES = 10;

export class Connection {
  readonly #socket: Socket;
  readonly #context: BrokerContext;
  readonly #inFlight: InFlight;
  readonly #log: (message: string) => void;
  readonly #peer: string;
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;
  #busy = false;

  constructor(
    socket: Socket,
    context: BrokerContext,
    inFlight: InFlight,
    log: (message: string) => void,
  ) {
    this.#socket = socket;
    this.#context = context;
    this.#inFlight = inFlight;
    this.#log = log;
    this.#peer = `${socket.remoteAddress ?? '?'}:${String(socket.remotePort)}`;
    socket.setNoDelay(true);
    socket.setTimeout(IDLE_CONNECTION_MS);
    socket.on('data', (chunk) => this.#received(chunk));
    socket.on('timeout', () => this.#refuse('it was silent for too long'));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#forget());
  }

  #received(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
    this.#inFlight.bytes += chunk.length;
    if (this.#inFlight.bytes > MAX_IN_FLIGHT_BYTES) {
      this.#refuse('all connections together hold too much');
    } else if (this.#busy) {
      this.#socket.pause();
    } else {
      void this.#answerAll();
    }
  }

  /** Answers every whole frame that is here. */
  async #answerAll(): Promise<void> {
    this.#busy = true;
    try {
      for (let frame = this.#nextFrame(); frame !== null; frame = this.#nextFrame()) {
        const chunks = await this.#answer(frame);
        if (this.#socket.destroyed) return;
        if (chunks !== null) await this.#send(chunks);
      }
      this.#socket.setTimeout(this.#bufferedBytes > 0 ? HALF_FRAME_MS : IDLE_CONNECTION_MS);
    } catch (error) {
      this.#refuse(`${reasonOf(error)}: ${messageOf(error)}`);
    } finally {
      this.#busy = false;
      this.#socket.resume();
    }
  }

  /** The next whole frame, or null where it is not all here yet. */
  #nextFrame(): Buffer | null {
    if (!this.#socket.writable || this.#bufferedBytes < LENGTH_BYTES) return null;
    const first = this.#chunks[0];
    if (first === undefined || first.length < LENGTH_BYTES) this.#join();
    const length = (this.#chunks[0] ?? Buffer.alloc(LENGTH_BYTES)).readInt32BE(0);
    if (length < MIN_HEADER_BYTES || length > MAX_REQUEST_BYTES) {
      throw new MalformedRequestError(`a frame of ${String(length)} bytes`);
    }
    const end = LENGTH_BYTES + length;
    if (this.#bufferedBytes < end) return null;
    const all = this.#join();
    this.#chunks = all.length > end ? [all.subarray(end)] : [];
    this.#bufferedBytes -= end;
    this.#inFlight.bytes -= end;
    return all.subarray(LENGTH_BYTES, end);
  }

  #join(): Buffer {
    const [first, second] = this.#chunks;
    if (first !== undefined && second === undefined) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  /** The response as it goes over the wire, or null where none is wanted. */
  async #answer(frame: Buffer): Promise<readonly Buffer[] | null> {
    const reader = new Reader(frame);
    const [key, version, correlationId] = [reader.int16(), reader.int16(), reader.int32()];
    const clientId = nullableString.read(reader, 0) ?? '';
    const entry = apiTable.find((each) => each.key === key);
    if (entry === undefined || version < entry.minVersion || version > entry.maxVersion) {
      this.#refuseVersion(key, version, correlationId);
      return null;
    }
    // Silence is the broker's own while it works on an answer.
    this.#socket.setTimeout(0);
    const clientHost = `/${this.#socket.remoteAddress ?? ''}`;
    const request = { api: entry.name, version, clientId, clientHost, fault: null };
    const context = { ...this.#context, ...request };
    const body = await entry.api.answer(reader, context);
    return body === null ? null : framed(correlationId, body);
  }

  /** Kafka closes the connection here; we say why first, as far as an unknown format allows. */
  #refuseVersion(key: number, version: number, correlationId: number): void {
    const writer = new Writer();
    if (key === API_VERSIONS_KEY) {
      writeUnsupportedVersion(writer, apiTable);
    } else {
      writer.int16(ErrorCode.UNSUPPORTED_VERSION);
      this.#log(`${this.#peer}: API ${String(key)} version ${String(version)} is not offered.`);
    }
    this.#socket.write(Buffer.concat(framed(correlationId, writer)));
    if (key !== API_VERSIONS_KEY) this.#socket.destroySoon();
  }

  /** Resolves when the client has taken enough of it for more to be sent. */
  async #send(chunks: readonly Buffer[]): Promise<void> {
    const socket = this.#socket;
    const before = socket.writableLength;
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.uncork();
    if (!socket.writableNeedDrain) return;
    const held = socket.writableLength - before;
    this.#inFlight.bytes += held;
    socket.setTimeout(IDLE_CONNECTION_MS);
    await new Promise<void>((resolve) => {
      const done = () => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
    this.#inFlight.bytes -= held;
  }

  #refuse(why: string): void {
    if (this.#socket.destroyed) return;
    this.#log(`Closed the connection of ${this.#peer}: ${why}.`);
    this.#socket.destroy();
  }

  #forget(): void {
    this.#inFlight.bytes -= this.#bufferedBytes;
    this.#bufferedBytes = 0;
    this.#chunks = [];
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof MalformedRequestError) return 'it sent a malformed request';
  return error instanceof ConnectionFault ? 'injected fault' : 'its request failed in the broker';
}

function framed(correlationId: number, body: Writer): readonly Buffer[] {
  const chunks = body.chunks();
  const header = Buffer.allocUnsafe(LENGTH_BYTES + 4);
  header.writeInt32BE(4 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), 0);
  header.writeInt32BE(correlationId, LENGTH_BYTES);
  return [header, ...chunks];
}
