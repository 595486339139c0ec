import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** 144 bits, as text that keeps an address on one line of a terminal. */
export function randomToken(): string {
  return randomBytes(18).toString('base64url');
}

export type Credential = 'right' | 'wrong' | 'none';

/** The token, and the cookie that a browser gets for it. */
export class Credentials {
  readonly #session: string;

  constructor(private readonly token: string) {
    // From the token alone: where it stays, browsers stay signed in while the console restarts.
    this.#session = createHmac('sha256', token).update('coupons console').digest('base64url');
  }

  isToken(given: string): boolean {
    return isSame(given, this.token);
  }

  /** The value of Set-Cookie. Cookies are shared by all ports of a host, so the name has the port. */
  cookie(port: number): string {
    return `${cookieName(port)}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Of the bearer token, and where there is none, of the cookie. */
  of(headers: IncomingHttpHeaders, port: number): Credential {
    const bearer = this.bearer(headers);
    if (bearer !== 'none') return bearer;
    const session = cookieOf(headers.cookie ?? '', cookieName(port));
    if (session === null) return 'none';
    return isSame(session, this.#session) ? 'right' : 'wrong';
  }

  bearer({ authorization = '' }: IncomingHttpHeaders): Credential {
    const token = /^Bearer +(.+)$/i.exec(authorization)?.[1];
    if (token === undefined) return 'none';
    return this.isToken(token) ? 'right' : 'wrong';
  }
}

function cookieName(port: number): string {
  return `coupons-console-${port}`;
}

function cookieOf(header: string, name: string): string | null {
  const pairs = header.split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}

/** In a time that says nothing of where they differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
