/** Where the console is, as it is printed at its start. */
import { hostname } from 'node:os';
import type { Output } from '../../output/output.js';
import { pairs } from '../../output/table.js';
import type { Site } from '../../serve/console/wire/events.js';
import { originOf } from '../../serve/http/listen.js';
import type { ConsoleToken } from './token.js';

/** docs/contract.md, "serve". */
export interface Address {
  readonly url: string;
  readonly metricsUrl: string;
  readonly readOnly: boolean;
}

/** A token that was given stays out of it: what is printed ends up in journals. */
export function addressOf(
  origin: string,
  { token, isGiven }: ConsoleToken,
  readOnly: boolean,
): Address {
  return {
    url: isGiven ? `${origin}/` : pageUrl(origin, token),
    metricsUrl: `${origin}/metrics`,
    readOnly,
  };
}

/** The page, with what opens it. */
export function pageUrl(origin: string, token: string): string {
  return `${origin}/?token=${token}`;
}

/** The origin to ask at; one that listens on all addresses of this machine has its name. */
export function reachableOrigin(host: string, port: number): string {
  return originOf(host === '0.0.0.0' || host === '::' ? hostname() : host, port);
}

export function showAddress(output: Output, address: Address, site: Site): void {
  output.result(address, () =>
    pairs(
      [
        ['console', output.paint.bold(address.url)],
        ['metrics', address.metricsUrl],
        ['group', site.group],
        ['brokers', site.brokers],
        ['store', site.store],
        ['replay', site.readOnly ? 'off (--allow-replay turns it on)' : 'allowed'],
      ],
      output.columns,
    ),
  );
}
