import type { Clock } from '../../../ports/clock.js';
import { isSame, type Credential, type Credentials } from './credentials.js';
import { HttpError } from '../http-error.js';
import type { HttpRequest } from '../request.js';

/** Wrong credentials are answered one by one, so many ms apart; the right ones never wait. */
const WRONG_PAUSE_MS = 100;

/** Who may ask for what. */
export class Access {
  #lastWrong: Promise<void> = Promise.resolve();
  #ticket: string | null;

  /** `ticket`: a token that is good once. */
  constructor(
    readonly credentials: Credentials,
    private readonly clock: Clock,
    ticket: string | null = null,
  ) {
    this.#ticket = ticket;
  }

  /** Whether a browser that brings this gets a session. */
  isAdmitted(given: string): boolean {
    if (this.#ticket !== null && isSame(given, this.#ticket)) {
      this.#ticket = null;
      return true;
    }
    return this.credentials.isToken(given);
  }

  /** Whether the request has the token or a session. */
  isAllowed(request: HttpRequest): Promise<boolean> {
    return this.#judged(this.credentials.of(request.headers, request.port), request);
  }

  /** Whether the request has the token itself, which no page of another site can send. */
  hasToken(request: HttpRequest): Promise<boolean> {
    return this.#judged(this.credentials.bearer(request.headers), request);
  }

  /** Throws HttpError 401 without a bearer token or a session. */
  async require(request: HttpRequest): Promise<void> {
    if (!(await this.isAllowed(request))) throw unauthorized();
  }

  /** Ends when the wrong credential may be answered. A client that is gone delays no other one. */
  afterWrong({ signal }: Pick<HttpRequest, 'signal'>): Promise<void> {
    this.#lastWrong = this.#lastWrong.then(() => this.clock.wait(WRONG_PAUSE_MS, signal));
    return this.#lastWrong;
  }

  /** Every answer that depends on a credential says whether it is right, so each waits after a wrong one. */
  async #judged(credential: Credential, request: HttpRequest): Promise<boolean> {
    if (credential === 'wrong') await this.afterWrong(request);
    return credential === 'right';
  }
}

export function unauthorized(): HttpError {
  return new HttpError(
    401,
    'UNAUTHORIZED',
    'This needs a session or the token of the console.',
    'Open the address that `coupons serve` printed, or send `Authorization: Bearer <token>`.',
    { 'WWW-Authenticate': 'Bearer realm="coupons"' },
  );
}
