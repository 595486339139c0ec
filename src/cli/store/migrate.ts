import type { Services } from '../services.js';
import { pairs } from '../../output/table.js';
import { byteSize } from '../../text/byte-size.js';
import { count, duration } from '../../text/figures.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly dryRun?: boolean;
}

/** Opening a store to write migrates it; this does nothing else, and says what it did. */
export async function run(services: Services, { dryRun = false }: Options): Promise<CommandResult> {
  const access = await services.storeAccess();
  const { sizeBytes: bytesBefore, ...migration } = await access.pendingMigration();
  const isDue = migration.fromVersion < migration.toVersion;
  const startedMs = services.clock.now();
  if (isDue && !dryRun) {
    await services.announceChange({ store: true });
    await (await services.writableStore()).close();
  }
  const document = {
    store: access.name,
    ...migration,
    dryRun,
    migrated: isDue && !dryRun,
    bytesBefore,
    bytesAfter: isDue && !dryRun ? (await access.pendingMigration()).sizeBytes : bytesBefore,
    elapsedMs: Math.round(services.clock.now() - startedMs),
  };
  services.output.result(document, () =>
    isDue
      ? pairs(
          [
            ['store', access.name],
            ['schema', `${String(migration.fromVersion)} to ${String(migration.toVersion)}`],
            ['outcomes', count(migration.rows)],
            ['size before', byteSize(bytesBefore)],
            ['size after', dryRun ? '-' : byteSize(document.bytesAfter)],
            ['took', dryRun ? '-' : duration(document.elapsedMs)],
          ],
          services.output.columns,
        )
      : '',
  );
  if (!isDue) {
    services.output.note(`The store has schema ${String(migration.toVersion)} and is up to date.`);
  }
  return undefined;
}
