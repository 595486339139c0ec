import { UsageError } from '../../errors.js';
import { packageVersion } from '../../package-file.js';
import type { ConsumeEndpoint } from '../../serve/metrics/consume/consume-endpoint.js';
import type { Services } from '../services.js';

export interface MetricsOptions {
  readonly concurrency: number;
  readonly metricsPort?: number;
  readonly metricsHost?: string;
}

/**
 * What --metrics-port offers; null without it. Throws UsageError for a host without a port, and CliError where
 * the port cannot be used.
 */
export async function startMetrics(
  { output }: Services,
  { concurrency, metricsPort: port, metricsHost }: MetricsOptions,
): Promise<ConsumeEndpoint | null> {
  if (port === undefined) {
    if (metricsHost === undefined) return null;
    throw new UsageError('--metrics-host needs --metrics-port.', 'Give --metrics-port 9464, too.');
  }
  const { startConsumeEndpoint } = await import('../../serve/metrics/consume/consume-endpoint.js');
  const endpoint = await startConsumeEndpoint({
    host: metricsHost ?? '127.0.0.1',
    port,
    flags: { host: '--metrics-host', port: '--metrics-port' },
    members: concurrency,
    version: packageVersion(),
  });
  output.note(`Metrics are at ${endpoint.url}.`);
  return endpoint;
}
