import { configPath, readConfig } from '../../config/config-file.js';
import type { Services } from '../services.js';

/** A value and what it is, for a shell to offer. */
export interface LiveValue {
  readonly value: string;
  readonly description: string;
}

/** What only a live look can tell. */
export type LiveKind = 'topics' | 'campaigns' | 'groups' | 'contexts';

/** What there is right now. Throws where it cannot be asked. */
export async function liveValues(
  services: Services,
  kind: LiveKind,
): Promise<readonly LiveValue[]> {
  switch (kind) {
    case 'topics':
      return (await (await services.admin()).listTopics()).map(named);
    case 'groups':
      return (await (await services.admin()).listGroups()).map(named);
    case 'campaigns': {
      const store = await services.readableStore();
      return (await store.campaigns()).map(({ couponId, name, status }) => ({
        value: String(couponId),
        description: name ?? status,
      }));
    }
    case 'contexts':
      return [...readConfig(configPath(process.env)).contexts].map(([value, { brokers }]) => ({
        value,
        description: String(brokers ?? ''),
      }));
  }
}

function named(value: string): LiveValue {
  return { value, description: '' };
}
