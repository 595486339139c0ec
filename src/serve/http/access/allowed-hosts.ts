/**
 * Which names this server answers to. A page of another site can point its own name at this machine (DNS
 * rebinding), and its requests then look like those of the console's page, but for the name in Host.
 */
import { isIP } from 'node:net';
import { badRequest, HttpError } from '../http-error.js';

export class AllowedHosts {
  readonly #names: ReadonlySet<string>;

  /** `names`: beside IP addresses, localhost and what ends in .localhost, which no other site can use. */
  constructor(names: readonly string[]) {
    this.#names = new Set(names.map(withoutRoot));
  }

  /** Null for one of these; else what to answer: 400 where there is no host, and 421 where it is another one. */
  refusal(header: string | undefined): HttpError | null {
    const name = hostOf(header ?? '');
    if (name === null) return badRequest('The request has no valid Host.');
    if (this.#has(name)) return null;
    return new HttpError(
      421,
      'HOST_NOT_ALLOWED',
      `This server does not answer to the name ${name}.`,
      `Use its IP address, or start it with --allow-host ${name}.`,
    );
  }

  #has(name: string): boolean {
    if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
    return this.#names.has(name);
  }
}

/** Without port, brackets and the dot at the end. */
function hostOf(header: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header);
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? null : withoutRoot(name);
}

function withoutRoot(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
