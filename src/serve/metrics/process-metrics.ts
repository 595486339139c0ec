import { collectDefaultMetrics, type Registry } from 'prom-client';
import { registerBuildInfo } from './build-info.js';

/** Gauges of prom-client whose names are those of counters; the same figures by type have other names. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** How long the event loop is kept is looked at as often as this: each look wakes a process at rest. */
const EVENT_LOOP_LOOK_MS = 20;

/** What a process is and uses: CPU, memory, event loop, `version` of the program. */
export function registerProcessMetrics(register: Registry, version: string): void {
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS });
  for (const name of MISNAMED) register.removeSingleMetric(name);
  registerBuildInfo(register, version);
}
