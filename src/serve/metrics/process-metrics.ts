import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Registry } from 'prom-client';
import { registerBuildInfo } from './build-info.js';
import { scrapedIn } from './scraped.js';

/** How often it is looked whether the event loop is late: each look wakes a process at rest. */
const LOOK_MS = 20;

/**
 * What a process is and uses, and `version` of the program. The names are those of prom-client's default metrics, which
 * are not taken whole: they watch each garbage collection, which costs a consumer at full speed some percent.
 */
export function registerProcessMetrics(registry: Registry, version: string): void {
  registerUsage(registry);
  registerBuildInfo(registry, version);
}

function registerUsage(registry: Registry): void {
  const { counter, gauge } = scrapedIn(registry);
  counter('process_cpu_seconds_total', 'Processor time that the process has used.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  const startedSeconds = Date.now() / 1000 - process.uptime();
  gauge(
    'process_start_time_seconds',
    'When the process started, since the epoch.',
    () => startedSeconds,
  );
  gauge('process_resident_memory_bytes', 'Memory that the process has.', () =>
    process.memoryUsage.rss(),
  );
  gauge(
    'nodejs_heap_size_used_bytes',
    'Memory that JavaScript objects take.',
    () => process.memoryUsage().heapUsed,
  );
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'How late the event loop was since the scrape before, 99th percentile.',
    eventLoopLag(),
  );
}

function eventLoopLag(): () => number {
  const delays = monitorEventLoopDelay({ resolution: LOOK_MS });
  delays.enable();
  return () => {
    // From one look to the next: what is beyond the time between them is late.
    const lateMs = delays.percentile(99) / 1e6 - LOOK_MS;
    delays.reset();
    return Math.max(0, lateMs / 1000);
  };
}
