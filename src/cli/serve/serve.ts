import { CliError, messageOf, withFullStop } from '../../errors.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import { packageFile, packageVersion } from '../../package-file.js';
import type { Console } from '../../serve/console/console.js';
import { openConsole } from '../../serve/console/live-console.js';
import type { Site } from '../../serve/console/wire/events.js';
import { readAssets, type Assets } from '../../serve/http/assets.js';
import { startConsoleServer } from '../../serve/http/console-server.js';
import { randomToken } from '../../serve/http/access/credentials.js';
import { isLoopback } from '../../serve/http/access/loopback.js';
import { consoleMetrics } from '../../serve/metrics/console/console-metrics.js';
import { whenAborted } from '../../signals.js';
import { advicePlaceOf } from '../advice-place.js';
import type { EventDetails } from '../../ports/store-history.js';
import { clusterIdIfQuick } from '../confirm/identified.js';
import { happened } from '../happened.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { addressOf, pageUrl, reachableOrigin, showAddress } from './address.js';
import { openBrowser } from './open-browser.js';
import { consoleToken } from './token.js';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly allowHost: readonly string[];
  readonly tokenFile?: string;
  readonly allowReplay?: true;
  readonly group: string;
  /** In minutes. */
  readonly auditEvery?: number;
  readonly metricsCampaigns: number;
  readonly open?: true;
}

const MINUTE_MS = 60_000;

/** Where no audit runs by itself, the verdict of one is old after this. */
const AUDIT_STALE_MS = 60 * MINUTE_MS;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { host, port } = options;
  const token = consoleToken(options, process.env);
  if (options.allowReplay === true) {
    const clusterId = await clusterIdIfQuick(services);
    await services.announceChange({ topics: [REQUEST_TOPIC], store: true, clusterId });
  }
  const assets = pageAssets();
  const stop = services.gracefulStop();
  const { clock, output } = services;
  const auditEveryMs = options.auditEvery === undefined ? null : options.auditEvery * MINUTE_MS;
  const site = siteOf(services, options, auditEveryMs);
  const console = await openedConsole(services, site, auditEveryMs);
  const ticket = options.open === true ? randomToken() : null;
  try {
    const server = await startConsoleServer({
      ...{ console, clock, host, port, assets, ticket, token: token.token },
      flags: { host: '--host', port: '--port' },
      allowedHosts: options.allowHost,
      metrics: consoleMetrics(console, {
        campaigns: options.metricsCampaigns,
        auditEveryMs,
        nowMs: clock.now,
      }),
    });
    const origin = reachableOrigin(host, server.port);
    showAddress(output, addressOf(origin, token, site.readOnly), site);
    if (!isLoopback(host)) {
      output.warn('This is HTTP without TLS: put a reverse proxy with TLS in front of it.');
    }
    if (ticket !== null) {
      openBrowser(pageUrl(origin, ticket), (why) =>
        output.note(withFullStop(`No browser could be opened: ${why}`)),
      );
    }
    output.note('Stop it with ctrl-C.');
    await whenAborted(stop);
    await server.close();
  } finally {
    await console.close();
  }
  return undefined;
}

function siteOf(services: Services, options: Options, auditEveryMs: number | null): Site {
  const { brokers, store, contextName } = services.options;
  return {
    version: packageVersion(),
    ...{ group: options.group, topic: REQUEST_TOPIC, dlqTopic: DLQ_TOPIC },
    brokers: brokers.join(','),
    store: store.name,
    context: contextName,
    readOnly: options.allowReplay !== true,
    startedAtMs: services.clock.now(),
    auditStaleAfterMs: auditEveryMs === null ? AUDIT_STALE_MS : 2 * auditEveryMs,
  };
}

async function openedConsole(
  services: Services,
  site: Site,
  auditEveryMs: number | null,
): Promise<Console> {
  const ports = {
    admin: await services.admin(),
    reader: await services.reader(),
    access: await services.storeAccess(),
    clock: services.clock,
    sinkOf: (topic: string) => services.producer(topic),
    happened: (details: EventDetails) => happened(services, details),
  };
  return openConsole(ports, {
    ...{ site, auditEveryMs },
    storePlace: services.storePlace(),
    advicePlace: advicePlaceOf(services),
    pasted: (command) => services.pasted(command),
  });
}

/** The page, as `npm run build` made it. */
function pageAssets(): Assets {
  const dir = packageFile('dist/console');
  try {
    return readAssets(dir);
  } catch (error) {
    throw new CliError(
      'PAGE_MISSING',
      `Cannot read the console's page in ${dir}: ${messageOf(error)}`,
      'Install coupons again, or run `npm run build` in its folder.',
    );
  }
}
