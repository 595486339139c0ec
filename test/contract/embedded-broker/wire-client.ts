import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Reader } from '../../../src/broker/wire/codec.js';

/** Speaks bytes to a broker, sound or not. */
export class WireClient {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('close', () => this.#wake());
    socket.on('error', () => undefined);
  }

  static async connect(port: number): Promise<WireClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new WireClient(socket);
  }

  /** Sends a request without its length prefix, and resolves to the answer without its own. */
  async ask(frame: Buffer): Promise<Buffer> {
    this.socket.write(framed(frame));
    return this.answer();
  }

  /** The next answer: correlation id and body. */
  async answer(): Promise<Buffer> {
    for (;;) {
      if (this.#received.length >= 4) {
        const end = 4 + this.#received.readInt32BE(0);
        if (this.#received.length >= end) {
          const frame = this.#received.subarray(4, end);
          this.#received = this.#received.subarray(end);
          return frame;
        }
      }
      if (this.socket.destroyed) throw new Error('The broker closed the connection.');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async closed(): Promise<void> {
    if (!this.socket.destroyed) await once(this.socket, 'close');
  }
}

export function framed(frame: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

/** A request of any API in any version, with the correlation id 7. */
export function request(key: number, version: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(10);
  header.writeInt16BE(key, 0);
  header.writeInt16BE(version, 2);
  header.writeInt32BE(7, 4);
  header.writeInt16BE(-1, 8);
  return Buffer.concat([header, body]);
}

/** The key and the range of versions of each API, from the body of an ApiVersions answer, v0. */
export function offeredApis(answer: Buffer): { errorCode: number; apis: number[][] } {
  const reader = new Reader(answer.subarray(4));
  const errorCode = reader.int16();
  const apis = Array.from({ length: reader.int32() }, () => [
    reader.int16(),
    reader.int16(),
    reader.int16(),
  ]);
  return { errorCode, apis };
}
