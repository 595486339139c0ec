import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { badRequest, HttpError } from './http-error.js';

export interface HttpRequest {
  /** GET for HEAD as well: its answer is sent without the body. */
  readonly method: string;
  /** As it was sent, percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The port that this server listens on. */
  readonly port: number;
  /** Aborts when the client is gone or the server closes. */
  readonly signal: AbortSignal;
  /** The whole body. Throws HttpError 413 where it is larger than the limit. */
  body(): Promise<Buffer>;
}

/** Throws HttpError 400 for a target that is no path: "http://elsewhere/", "*". */
export function requestOf(
  incoming: IncomingMessage,
  signal: AbortSignal,
  bodyBytes: number,
): HttpRequest {
  const { method = '', url = '', headers } = incoming;
  if (!url.startsWith('/')) throw badRequest('The request target must be a path.');
  const [path = '', ...search] = url.split('?');
  return {
    method: method === 'HEAD' ? 'GET' : method,
    path,
    query: new URLSearchParams(search.join('?')),
    headers,
    port: incoming.socket.localPort ?? 0,
    signal,
    body: () => bodyOf(incoming, bodyBytes),
  };
}

/** Whether the body is said to be of this type, such as "application/json". */
export function hasContentType({ headers }: HttpRequest, type: string): boolean {
  const [given = ''] = (headers['content-type'] ?? '').split(';');
  return given.trim().toLowerCase() === type;
}

function bodyOf(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    // What is too much is still read, and dropped: a client that sends can't hear why it was refused.
    incoming.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= limit) chunks.push(chunk);
      else reject(tooLarge(limit));
    });
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('error', reject);
  });
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, 'BODY_TOO_LARGE', `A request body may have ${limit} bytes at most.`);
}
