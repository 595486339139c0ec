import type { Services } from '../services.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly group: string;
  readonly topic: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { group, topic } = options;
  const dryRun = options.dryRun ?? false;
  const store = await (dryRun ? services.readableStore() : services.writableStore());
  const positions = await store.positions(group, topic);
  if (!dryRun && positions.length > 0) {
    await services.confirm(
      `Delete the positions of group ${group} in ${topic} (${String(positions.length)} partitions)`,
      options,
    );
    await store.forgetPositions(group, topic);
  }
  const document = {
    group,
    topic,
    dryRun,
    partitions: positions.map(({ clusterId, partition, nextOffset }) => ({
      clusterId,
      partition,
      nextOffset,
    })),
  };
  services.output.result(document, () =>
    positions.length === 0
      ? ''
      : table(
          [
            { title: 'PARTITION', align: 'right' },
            { title: dryRun ? 'WOULD DELETE' : 'DELETED', align: 'right' },
            { title: 'CLUSTER', tight: 'fold' },
          ],
          positions.map(({ partition, nextOffset, clusterId }) => [
            partition,
            nextOffset,
            clusterId,
          ]),
          services.output.columns,
        ),
  );
  if (positions.length === 0) services.output.note(`The store has no position in ${topic}.`);
  return undefined;
}
