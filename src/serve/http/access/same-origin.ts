/**
 * Whether a request comes from the console's own page. Browsers say so in Sec-Fetch-Site where the page came by
 * HTTPS or from this machine, and else in Origin; what is no browser says neither, and has no cookie to misuse.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../http-error.js';

/** Throws HttpError 403. */
export function refuseOtherOrigins({ headers, method }: Asked): void {
  const site = headers['sec-fetch-site'];
  const fromHere =
    site === undefined
      ? method === 'GET' || isOwnOrigin(headers)
      : site === 'same-origin' || site === 'none';
  if (fromHere) return;
  throw new HttpError(
    403,
    'CROSS_ORIGIN',
    'The request comes from the page of another site.',
    'Open the console itself, at the address that `coupons serve` printed.',
  );
}

interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

function isOwnOrigin({ origin, host = '' }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  const [scheme = ''] = origin.split('://');
  // Both by one rule: a port that is the scheme's own may be left out.
  return hostIn(origin) !== null && hostIn(origin) === hostIn(`${scheme}://${host}`);
}

function hostIn(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}
