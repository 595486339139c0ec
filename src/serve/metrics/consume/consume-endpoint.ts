import type { ConsumeListener } from '../../../consume/events.js';
import type { LatencyListener } from '../../../consume/statistics.js';
import type { TransactionListener } from '../../../ports/store-access.js';
import { json, text } from '../../http/answer.js';
import { startHttpServer } from '../../http/http-server.js';
import type { ListenOptions } from '../../http/listen.js';
import type { Route } from '../../http/routes.js';
import { ConsumeFigures } from './consume-figures.js';
import { consumeMetrics } from './consume-metrics.js';
import { Readiness } from './readiness.js';

/** What a run says of itself, for Prometheus and for what starts consumers. */
export interface ConsumeEndpoint {
  /** Where the metrics are: "http://127.0.0.1:9464/metrics". */
  readonly url: string;
  readonly onEvent: ConsumeListener;
  readonly onLatency: LatencyListener;
  readonly onTransaction: TransactionListener;
  close(): Promise<void>;
}

export interface ConsumeEndpointOptions extends ListenOptions {
  /** How many members the run has. */
  readonly members: number;
  /** Of this program. */
  readonly version: string;
}

/**
 * Answers GET /metrics, /livez and /readyz from what it was told: no question costs the store or the cluster
 * anything. Throws CliError as startHttpServer does.
 */
export async function startConsumeEndpoint(
  options: ConsumeEndpointOptions,
): Promise<ConsumeEndpoint> {
  const figures = new ConsumeFigures();
  const readiness = new Readiness(options.members);
  const registry = consumeMetrics(figures, options.version);
  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/metrics',
      handler: async () => text(await registry.metrics(), registry.contentType),
    },
    { method: 'GET', path: '/livez', handler: () => text('ok\n') },
    { method: 'GET', path: '/readyz', handler: () => readyAnswer(readiness.reasons()) },
  ];
  const server = await startHttpServer({ ...options, routes });
  return {
    url: `${server.origin}/metrics`,
    onEvent: (event) => {
      figures.on(event);
      readiness.on(event);
    },
    onLatency: figures.onLatency,
    onTransaction: figures.onTransaction,
    close: () => server.close(),
  };
}

function readyAnswer(reasons: readonly string[]) {
  const ready = reasons.length === 0;
  return json({ ready, reasons }, ready ? 200 : 503);
}
