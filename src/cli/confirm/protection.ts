/** Which protected context a change would reach. */
import { dirname, join, resolve } from 'node:path';
import { configPath, hasConfigPath, readConfig } from '../../config/config-file.js';
import { isPath, type ContextSettings } from '../../config/settings.js';
import { storeFileOf } from '../../config/store-file.js';
import type { GlobalOptions } from '../settings/options.js';

type Reach = Pick<GlobalOptions, 'contextName' | 'brokers' | 'store' | 'dataDir'>;

/**
 * The name of the protected context in use, or of one whose brokers or store are used without it (by --brokers,
 * --store, a variable or another context); null where there is none. Throws UsageError where
 * the config file can't be read.
 */
export function protectingContext(reach: Reach, env: NodeJS.ProcessEnv): string | null {
  if (!hasConfigPath(env)) return null;
  const file = configPath(env);
  const contexts = [...readConfig(file).contexts].filter(([, each]) => each.protected === true);
  const found =
    contexts.find(([name]) => name === reach.contextName) ??
    contexts.find(([name, settings]) => {
      const brokers = brokersOf(settings);
      return (
        reach.brokers.some((broker) => brokers.includes(broker.toLowerCase())) ||
        storeOf(name, settings, dirname(file), reach.dataDir) ===
          absoluteStore(reach.store.name, '.')
      );
    });
  return found?.[0] ?? null;
}

/** A port may be left out in a file that was written by hand. */
function brokersOf({ brokers }: ContextSettings): readonly string[] {
  return String(brokers ?? '')
    .toLowerCase()
    .split(',')
    .map((broker) => broker.trim())
    .map((broker) => (/:\d+$/.test(broker) ? broker : `${broker}:9092`));
}

function storeOf(
  name: string,
  settings: ContextSettings,
  directory: string,
  dataDirOfCall: string,
): string {
  if (settings.store !== undefined) return absoluteStore(String(settings.store), directory);
  const dataDir = settings['data-dir'];
  const own = dataDir === undefined ? resolve(dataDirOfCall) : resolve(directory, String(dataDir));
  return join(own, storeFileOf(name));
}

function absoluteStore(store: string, directory: string): string {
  return isPath('store', store) ? resolve(directory, store) : store;
}
