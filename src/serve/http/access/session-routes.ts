/** The page, its files, and how a browser gets its session. */
import { unauthorized, type Access } from './access.js';
import { text, type Answer } from '../answer.js';
import type { Assets } from '../assets.js';
import { notFound, unsupportedMediaType } from '../http-error.js';
import { fieldsOfJson, parsedJson, shortText } from '../parameters.js';
import { hasContentType, type HttpRequest } from '../request.js';
import type { Route } from '../routes.js';
import { SIGN_IN_CSS, signInPage } from './sign-in.js';

export interface SessionRoutesOptions {
  readonly access: Access;
  readonly assets: Assets;
}

export function sessionRoutes({ access, assets }: SessionRoutesOptions): readonly Route[] {
  return [
    { method: 'GET', path: '/', handler: (request) => page(request, access, assets) },
    { method: 'POST', path: '/session', handler: (request) => signIn(request, access) },
    {
      method: 'GET',
      path: '/assets/sign-in.css',
      handler: () => text(SIGN_IN_CSS, 'text/css; charset=utf-8'),
    },
    {
      method: 'GET',
      path: '/assets/*',
      handler: (_request, name: string) => assetOf(assets, name),
    },
  ];
}

/**
 * With the token in the address, the page itself sets the cookie: after a redirect, a browser that came from
 * another site (a link in a chat) would not send a SameSite=Strict cookie.
 */
async function page(request: HttpRequest, access: Access, assets: Assets): Promise<Answer> {
  const token = request.query.get('token');
  if (token !== null && access.isAdmitted(token)) {
    return withSession(assetOf(assets, 'index.html'), request, access);
  }
  const credential = access.credentials.of(request.headers, request.port);
  if (credential === 'right') return assetOf(assets, 'index.html');
  if (token !== null || credential === 'wrong') await access.afterWrong(request);
  return signInAgain(request, token !== null);
}

/** A form answers with a page, a script with nothing. */
async function signIn(request: HttpRequest, access: Access): Promise<Answer> {
  const isForm = isFormPost(request);
  const token = tokenIn(await request.body(), isForm);
  if (access.isAdmitted(token)) {
    const answer = isForm
      ? { status: 303, headers: { Location: '/' }, body: '' }
      : { status: 204, headers: {}, body: '' };
    return withSession(answer, request, access);
  }
  await access.afterWrong(request);
  if (isForm) return signInAgain(request, true);
  throw unauthorized();
}

function isFormPost(request: HttpRequest): boolean {
  if (hasContentType(request, 'application/x-www-form-urlencoded')) return true;
  if (hasContentType(request, 'application/json')) return false;
  throw unsupportedMediaType('application/json or application/x-www-form-urlencoded');
}

function tokenIn(body: Buffer, isForm: boolean): string {
  if (isForm) return new URLSearchParams(body.toString('utf8')).get('token') ?? '';
  return shortText(fieldsOfJson(parsedJson(body), ['token']), 'token') ?? '';
}

function withSession(answer: Answer, { port }: HttpRequest, { credentials }: Access): Answer {
  return { ...answer, headers: { ...answer.headers, 'Set-Cookie': credentials.cookie(port) } };
}

function signInAgain({ headers }: HttpRequest, isWrong: boolean): Answer {
  return signInPage({ acceptLanguage: headers['accept-language'], isWrong });
}

function assetOf(assets: Assets, name: string): Answer {
  const asset = assets.get(name);
  if (asset === undefined) throw notFound(`/assets/${name}`);
  return { status: 200, headers: { 'Content-Type': asset.contentType }, body: asset.content };
}
