import { hostname } from 'node:os';
import type { AdvicePlace } from '../advice/collect.js';
import { logPathOf } from './log-path.js';
import type { Services } from './services.js';

/** What the commands of advice name of this run. */
export function advicePlaceOf(services: Services): AdvicePlace {
  const { brokers, store } = services.options;
  return {
    bootstrap: brokers.join(','),
    host: hostname(),
    logPath: logPathOf(services),
    storeKind: store.kind,
  };
}
