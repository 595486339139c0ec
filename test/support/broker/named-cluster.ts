/**
 * The brokers ("host:port,...") that COUPONS_TEST_BROKERS names for this worker of vitest; null where it
 * names none. It may name several clusters, with ";" between them: each worker takes one of its own, for
 * a test file empties the cluster that it runs on.
 */
export function namedCluster(): string | null {
  const clusters = (process.env['COUPONS_TEST_BROKERS'] ?? '').split(';').filter(Boolean);
  const worker = Number(process.env['VITEST_POOL_ID'] ?? 1);
  return clusters[(worker - 1) % clusters.length] ?? null;
}
