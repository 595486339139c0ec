import { hostname } from 'node:os';
import type { Clock } from '../../ports/clock.js';
import type { Console } from '../console/console.js';
import { Access } from './access/access.js';
import { AllowedHosts } from './access/allowed-hosts.js';
import type { Assets } from './assets.js';
import { consoleRoutes, LIVENESS, type Metrics } from './console-routes.js';
import { Credentials } from './access/credentials.js';
import { startHttpServer, type HttpLimits, type RunningHttpServer } from './http-server.js';
import type { ListenOptions } from './listen.js';
import { isLoopback } from './access/loopback.js';
import { refuseOtherOrigins } from './access/same-origin.js';

export interface ConsoleServerOptions extends ListenOptions {
  readonly console: Console;
  readonly clock: Clock;
  readonly token: string;
  /**
   * Opens the page once: for an address that other users of this machine may see, as that in the command line of a
   * browser.
   */
  readonly ticket?: string | null;
  /** Further names that it answers to. */
  readonly allowedHosts: readonly string[];
  readonly assets: Assets;
  /** Of one scrape. */
  readonly metrics: () => Promise<Metrics>;
  readonly limits?: Partial<HttpLimits>;
}

/** The console's page and its API, as ../console/wire/ has it. Throws CliError as startHttpServer does. */
export function startConsoleServer(options: ConsoleServerOptions): Promise<RunningHttpServer> {
  const { host, port, flags, token, limits = {} } = options;
  const hosts = new AllowedHosts([host, hostname(), ...options.allowedHosts]);
  const access = new Access(new Credentials(token), options.clock, options.ticket);
  return startHttpServer({
    ...{ host, port, flags, limits },
    routes: consoleRoutes({
      ...options,
      access,
      // A further name is that of a proxy, which lets other machines reach this.
      isOpen: isLoopback(host) && options.allowedHosts.length === 0,
    }),
    guard: async (request) => {
      // A load balancer's check may name no host, and there is nothing to learn.
      if (request.path === LIVENESS) return;
      const refusal = hosts.refusal(request.headers.host);
      if (refusal !== null && !(await access.hasToken(request))) throw refusal;
      if (request.method !== 'GET') refuseOtherOrigins(request);
    },
  });
}
