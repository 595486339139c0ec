import type { Console } from '../console/console.js';
import type { Access } from './access/access.js';
import { json, text, type Answer } from './answer.js';
import type { Assets } from './assets.js';
import { eventStream } from './event-stream.js';
import { HttpError, unsupportedMediaType } from './http-error.js';
import { filterOfBody, letterPosition, lettersWantedBy } from './letters-wanted.js';
import { fieldsOfQuery, parsedJson, requiredInteger } from './parameters.js';
import { readinessAnswer } from './readiness.js';
import { hasContentType, type HttpRequest } from './request.js';
import type { Handler, Route } from './routes.js';
import { refuseOtherOrigins } from './access/same-origin.js';
import { sessionRoutes } from './access/session-routes.js';

/** Says that the process works, to everyone. */
export const LIVENESS = '/livez';

/** Streams at a time. */
const MOST_VIEWERS = 100;

export interface Metrics {
  readonly contentType: string;
  readonly text: string;
}

export interface ConsoleRoutesOptions {
  readonly console: Console;
  readonly access: Access;
  readonly assets: Assets;
  /** Of one scrape. */
  readonly metrics: () => Promise<Metrics>;
  /** Only this machine can ask: metrics, and why it is not ready, need no token. */
  readonly isOpen: boolean;
}

export function consoleRoutes(options: ConsoleRoutesOptions): readonly Route[] {
  return [
    ...sessionRoutes(options),
    ...probeRoutes(options),
    ...readRoutes(options),
    ...changeRoutes(options),
  ];
}

/** For Prometheus and what keeps the process running. */
function probeRoutes({ console, access, metrics, isOpen }: ConsoleRoutesOptions): readonly Route[] {
  return [
    { method: 'GET', path: LIVENESS, handler: () => text('ok\n') },
    {
      method: 'GET',
      path: '/readyz',
      handler: async (request) => {
        const isAllowed = isOpen || (await access.isAllowed(request));
        return readinessAnswer(await console.state(), isAllowed);
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      handler: async (request) => {
        if (!isOpen) await access.require(request);
        const { text: body, contentType } = await metrics();
        return text(body, contentType);
      },
    },
  ];
}

function readRoutes({ console, access }: ConsoleRoutesOptions): readonly Route[] {
  const get = (path: string, handler: Handler): Route => ({
    method: 'GET',
    path,
    handler: signedIn(access, handler),
  });
  let viewers = 0;
  const view = (request: HttpRequest): Answer => {
    if (viewers >= MOST_VIEWERS) throw tooManyViewers();
    return eventStream((send) => {
      const end = console.view(send);
      viewers += 1;
      return () => {
        viewers -= 1;
        end();
      };
    }, request.signal);
  };
  return [
    get('/api/stream', view),
    get('/api/letters', async ({ query, signal }) =>
      json(await console.letters(lettersWantedBy(query), signal)),
    ),
    get('/api/letters/*', async ({ signal }, position: string) => {
      const { partition, offset } = letterPosition(position);
      return json(await console.letter(partition, offset, signal));
    }),
    get('/api/users', async ({ query, signal }) => {
      const fields = fieldsOfQuery(query, ['coupon', 'user']);
      const coupon = requiredInteger(fields, 'coupon', { min: 1 });
      const user = requiredInteger(fields, 'user', { min: 1 });
      return json(await console.user(coupon, user, signal));
    }),
  ];
}

function changeRoutes({ console, access }: ConsoleRoutesOptions): readonly Route[] {
  const post = (path: string, handler: Handler): Route => ({
    method: 'POST',
    path,
    handler: signedIn(access, (request, ...parameters) => {
      requireJson(request);
      return handler(request, ...parameters);
    }),
  });
  return [
    post('/api/audits', () => {
      console.startAudit();
      return json({}, 202);
    }),
    post('/api/replays', async (request) =>
      json(await console.planReplay(filterOfBody(parsedJson(await request.body())))),
    ),
    post('/api/replays/*/confirm', (_request, id: string) => json(console.confirmReplay(id))),
    post('/api/replays/*/cancel', (_request, id: string) => json(console.cancelReplay(id))),
  ];
}

/** Also refuses a browser that another site's page made ask, though it could not read the answer. */
function signedIn(access: Access, handler: Handler): Handler {
  return async (request, ...parameters) => {
    refuseOtherOrigins(request);
    await access.require(request);
    return handler(request, ...parameters);
  };
}

function requireJson(request: HttpRequest): void {
  if (!hasContentType(request, 'application/json')) throw unsupportedMediaType('application/json');
}

function tooManyViewers(): HttpError {
  return new HttpError(
    503,
    'TOO_MANY_VIEWERS',
    `${MOST_VIEWERS} browsers look at this console already.`,
    'Close one, or start another `coupons serve`.',
    { 'Retry-After': '5' },
  );
}
