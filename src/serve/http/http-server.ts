/** A small HTTP server with a limit on everything, for the console and for metrics. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorAnswer, type Answer } from './answer.js';
import { listen, originOf, type ListenOptions } from './listen.js';
import { requestOf, type HttpRequest } from './request.js';
import { findRoute, type Route } from './routes.js';
import { SECURITY_HEADERS } from './access/security-headers.js';

export interface HttpLimits {
  /** Open at a time; more are closed at once. */
  readonly connections: number;
  readonly headerBytes: number;
  readonly headers: number;
  readonly bodyBytes: number;
  /** From the connection, or the request before, to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the request, its body included. */
  readonly requestMs: number;
  /** How long a connection may be idle between two requests. */
  readonly keepAliveMs: number;
  /** A client that takes nothing of its answer for so long is gone. */
  readonly stalledMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  connections: 200,
  headerBytes: 16_384,
  headers: 100,
  bodyBytes: 16_384,
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 5_000,
  stalledMs: 15_000,
};

/** How often Node looks for connections that are too slow. */
const SLOW_CHECK_MS = 1_000;

/** How long an answer on its way may take after `close`. */
const CLOSE_GRACE_MS = 500;

export interface HttpServerOptions extends ListenOptions {
  readonly routes: readonly Route[];
  /** Throws HttpError for a request that no route may answer. */
  readonly guard?: (request: HttpRequest) => Promise<void>;
  readonly limits?: Partial<HttpLimits>;
}

export interface RunningHttpServer {
  readonly port: number;
  /** "http://127.0.0.1:8990" */
  readonly origin: string;
  /** Ends streams and idle connections at once, and all others within a second. */
  close(): Promise<void>;
}

/** Throws CliError PORT_IN_USE, PORT_NOT_ALLOWED or HOST_NOT_AVAILABLE. */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const clients = new Set<AbortController>();
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(SLOW_CHECK_MS, limits.headersMs),
    },
    (incoming, response) => {
      const client = new AbortController();
      clients.add(client);
      response.once('close', () => {
        clients.delete(client);
        client.abort();
      });
      void serve(incoming, response, { ...options, limits, signal: client.signal });
    },
  );
  server.maxConnections = limits.connections;
  server.maxHeadersCount = limits.headers;
  const port = await listen(server, options);
  return {
    port,
    origin: originOf(options.host, port),
    close: () => close(server, clients),
  };
}

interface Serving {
  readonly routes: readonly Route[];
  readonly guard?: (request: HttpRequest) => Promise<void>;
  readonly limits: HttpLimits;
  readonly signal: AbortSignal;
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  const answer = await answerTo(incoming, serving).catch(errorAnswer);
  if (response.destroyed) return;
  try {
    // Node counts any progress of what is on its way.
    response.setTimeout(serving.limits.stalledMs, () => response.destroy());
    write(answer, incoming, response);
  } catch {
    // Its head may be out: to cut it off is all that can still be said.
    response.destroy();
  }
}

async function answerTo(incoming: IncomingMessage, serving: Serving): Promise<Answer> {
  const { routes, guard, limits, signal } = serving;
  const request = requestOf(incoming, signal, limits.bodyBytes);
  await guard?.(request);
  const { handler, parameters } = findRoute(routes, request.method, request.path);
  return handler(request, ...parameters);
}

function write(answer: Answer, incoming: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = answer;
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...lengthOf(body) });
  if (typeof body !== 'function' || incoming.method === 'HEAD') {
    response.end(typeof body === 'function' ? undefined : body);
  } else {
    response.flushHeaders();
    body(response);
  }
}

function lengthOf(body: Answer['body']): Readonly<Record<string, number>> {
  return typeof body === 'function' ? {} : { 'Content-Length': Buffer.byteLength(body) };
}

async function close(server: Server, clients: ReadonlySet<AbortController>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const client of clients) client.abort();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
