/** A group that reads the topic from its start: announced, and asked about where that is likely a mistake. */
import { CliError, hasCode } from '../../errors.js';
import type { Source, StoredPosition } from '../../ports/coupon-store.js';
import type { LogReader } from '../../ports/log.js';
import { countOf, type TopicOffsets } from '../../records/standing.js';
import { counted } from '../../text/figures.js';
import type { Services } from '../services.js';
import { keepSharedStore } from '../settings/shared-store.js';

interface Known {
  /** Of the store. */
  readonly positions: readonly StoredPosition[];
  readonly reader: Pick<LogReader, 'bounds'>;
  /** What the group has committed. */
  readonly committed: TopicOffsets;
}

/**
 * Says how many records the group will read from the start, where the store knows nothing of it. Asks on a
 * terminal where this topic was read before: another group into this store (a mistyped --group),
 * or this group without it. Throws CliError NOT_CONFIRMED on a no, and STORE_NOT_OF_GROUP where the context's
 * store is new and the one that it shared before has read the topic for this group.
 */
export async function announceFirstReading(
  services: Services,
  source: Omit<Source, 'partition'>,
  { positions, reader, committed }: Known,
  confirmation: { readonly yes?: boolean },
): Promise<void> {
  const { group, topic } = source;
  const here = positions.filter((each) => isOf(source, each));
  if (here.some((each) => each.group === group)) return;
  await refuseNewStoreOfContext(services, source);
  const bounds = await reader.bounds(topic);
  const records = bounds.reduce(
    (sum, { startOffset, endOffset }) => sum + endOffset - startOffset,
    0n,
  );
  if (records === 0n) return;
  const reads = `it reads ${counted(Number(records), 'record')} from the start of the topic`;
  const others = [...new Set(here.map((each) => each.group))];
  const why = reasonToAsk(others, countOf(committed));
  if (why === null) {
    services.output.note(`Group ${group} has not read ${topic} yet: ${reads}.`);
    return;
  }
  services.output.warn(`Group ${group} ${why}: ${reads}.`);
  const target = { topics: [topic], store: true, clusterId: source.clusterId } as const;
  await services.confirmOnTerminal(`Go on with group ${group}`, target, confirmation);
}

function isOf({ clusterId, topic }: Omit<Source, 'partition'>, each: StoredPosition): boolean {
  return each.clusterId === clusterId && each.topic === topic;
}

function reasonToAsk(others: readonly string[], committed: number): string | null {
  if (others.length > 0) {
    return `has not read the topic yet, but ${others.join(', ')} has, into this store`;
  }
  if (committed > 0) {
    return `has committed offsets of ${counted(committed, 'partition')}, but this store has read none of it`;
  }
  return null;
}

/** Version 0.1 used one store for all contexts. */
async function refuseNewStoreOfContext(
  services: Services,
  source: Omit<Source, 'partition'>,
): Promise<void> {
  const { contextName, sharedStorePath, store } = services.options;
  if (contextName === null || sharedStorePath === null) return;
  const hasRead = await sharedStoreHasRead(services, source);
  if (!hasRead) return;
  throw new CliError(
    'STORE_NOT_OF_GROUP',
    `The store of context ${contextName}, ${store.name}, has read nothing, but ${sharedStorePath} has read ${source.topic} for group ${source.group}.`,
    `${keepSharedStore(contextName, sharedStorePath)} Name ${store.name} itself with --store to begin with it.`,
  );
}

async function sharedStoreHasRead(
  services: Services,
  source: Omit<Source, 'partition'>,
): Promise<boolean> {
  try {
    const positions = (await (await services.sharedStore())?.allPositions()) ?? [];
    return positions.some((each) => isOf(source, each) && each.group === source.group);
  } catch (error) {
    // Nothing of this version has used it since: it is as version 0.1 left it.
    if (hasCode(error, 'STORE_OLDER_VERSION')) return true;
    throw error;
  }
}
