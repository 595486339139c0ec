/** HTTP as a test needs it: every header as given, and bytes that no client would send. */
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { eventually } from '../eventually.js';

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // The caller names the shape; its expectations are what checks it.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  json<T>(): T;
}

/** One request on a connection of its own. */
export function ask(port: number, asked: Asked = {}): Promise<Answered> {
  const { method = 'GET', path = '/', headers = {}, body } = asked;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers, agent: false };
    const asking = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          json: ((): unknown => JSON.parse(text)) as Answered['json'],
        }),
      );
    });
    asking.once('error', reject);
    asking.end(body);
  });
}

/** A connection on which a test writes what it wants. */
export class RawConnection {
  received = '';
  isClosed = false;
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    // The server may cut it off by a reset.
    this.socket.on('error', () => undefined);
    this.socket.once('close', () => (this.isClosed = true));
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** Everything that came until the other end closed. */
  async untilClosed(): Promise<string> {
    await eventually(() => this.isClosed);
    return this.received;
  }

  async waitFor(pattern: RegExp): Promise<void> {
    await eventually(() => pattern.test(this.received));
  }

  destroy(): void {
    this.socket.destroy();
  }
}
