import type { Answer } from './answer.js';
import { badRequest, HttpError, notFound } from './http-error.js';
import type { HttpRequest } from './request.js';

/** `parameters`: the decoded segments that a route's path leaves open, in order. */
export type Handler = (request: HttpRequest, ...parameters: string[]) => Answer | Promise<Answer>;

export interface Route {
  readonly method: 'GET' | 'POST';
  /** A segment that is `*` matches any one that is not empty: "/api/letters/*". */
  readonly path: string;
  readonly handler: Handler;
}

export interface FoundRoute {
  readonly handler: Handler;
  readonly parameters: string[];
}

/** Throws HttpError: 404 where no route has the path, 405 where none has the method, 400 for a bad encoding. */
export function findRoute(routes: readonly Route[], method: string, path: string): FoundRoute {
  const matching = routes.filter((route) => openSegments(route.path, path) !== null);
  const [first] = matching;
  if (first === undefined) throw notFound(path);
  const found = matching.find((route) => route.method === method);
  if (found === undefined) throw methodNotAllowed(method, path, matching);
  return {
    handler: found.handler,
    parameters: (openSegments(found.path, path) ?? []).map(decoded),
  };
}

/** What stands for each `*`; null where the path does not match. */
function openSegments(pattern: string, path: string): readonly string[] | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const open: string[] = [];
  for (const [at, segment] of given.entries()) {
    if (wanted[at] === '*' && segment !== '') open.push(segment);
    else if (wanted[at] !== segment) return null;
  }
  return open;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('The path has a percent sign that encodes nothing.');
  }
}

function methodNotAllowed(method: string, path: string, routes: readonly Route[]): HttpError {
  const allowed = routes.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : ['POST']));
  return new HttpError(
    405,
    'METHOD_NOT_ALLOWED',
    `${path} does not take ${method}.`,
    `It takes ${allowed.join(', ')}.`,
    { Allow: allowed.join(', ') },
  );
}
