import type { Services } from '../services.js';
import { startOffsets } from '../../consume/start-offset.js';
import { counted } from '../../text/figures.js';
import { table } from '../../output/table.js';
import { describePlace, type GroupStore } from '../../ports/group-store.js';
import { otherStoreOf } from '../../records/standing.js';
import { happened } from '../happened.js';
import type { CommandResult } from '../result.js';
import { committedOf } from '../../records/store-comparison.js';
import { refuseWhileMembersRun } from './members.js';

interface Options {
  readonly group: string;
  readonly topic: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/**
 * Commits where this store stands for the group, which uses it from then on. The store is not changed, so
 * that a crash leaves either the group as it was, or all done.
 */
export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { group, topic, dryRun = false } = options;
  const store = await services.readableStore();
  const [admin, reader] = [await services.admin(), await services.reader()];
  await refuseWhileMembersRun(admin, group);
  const own = await services.groupStore(store);
  const source = { clusterId: await reader.clusterId(), group, topic };
  const partitions = (await reader.bounds(topic)).map(({ partition }) => partition);
  const committed = await committedOf(admin, group, topic);
  const starts = await startOffsets({ store, reader }, source, partitions);
  const previous = otherStoreOf(committed, own.id);
  const decidedAgain = starts.reduce((records, { partition, offset }) => {
    const ahead = (committed.get(partition)?.offset ?? 0n) - offset;
    return ahead > 0n ? records + Number(ahead) : records;
  }, 0);
  const document = {
    group,
    topic,
    dryRun,
    store: own.id,
    previousStore: previous === null ? null : described(previous),
    partitions: starts.map(({ partition, offset }) => ({
      partition,
      committedOffset: committed.get(partition)?.offset ?? null,
      newOffset: offset,
    })),
  };
  const { output } = services;
  if (!dryRun && options.yes !== true) output.talk(drawn(document, true, output.talkColumns));
  if (decidedAgain > 0) output.warn(againText(group, decidedAgain));
  if (!dryRun) {
    const target = { topics: [topic], store: true, clusterId: source.clusterId } as const;
    await services.confirm(question(options, previous), target, options);
    // A question may wait for long.
    await refuseWhileMembersRun(admin, group);
    const offsets = starts.map(({ partition, offset, expectedOffset }) => {
      return [partition, { offset, mark: { ...own, applied: expectedOffset } }] as const;
    });
    await admin.commitOffsets(group, topic, new Map(offsets));
    await happened(services, { kind: 'STORE_TAKEN_OVER', group, topic, partitions });
  }
  output.result(document, () => drawn(document, dryRun, output.columns));
  return undefined;
}

interface TakeOver {
  readonly partitions: readonly {
    readonly partition: number;
    readonly committedOffset: bigint | null;
    readonly newOffset: bigint;
  }[];
}

function drawn({ partitions }: TakeOver, isPreview: boolean, columns: number): string {
  return table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'COMMITTED', align: 'right' },
      { title: isPreview ? 'WOULD COMMIT' : 'NOW', align: 'right' },
    ],
    partitions.map((each) => [each.partition, each.committedOffset, each.newOffset]),
    columns,
  );
}

/** Which store has the outcomes that were announced is for the user to know. */
function againText(group: string, records: number): string {
  return `Group ${group} has read ${counted(records, 'record')} further than this store, which lacks what became of them. They are read and decided again, and may come out differently. If another copy of the store has them, take that one.`;
}

function described({ id, host, path }: GroupStore) {
  return { id, host, path };
}

function question({ group, topic }: Options, previous: GroupStore | null): string {
  const from = previous === null ? '' : `, not with ${describePlace(previous)}`;
  return `Let group ${group} go on in ${topic} where this store stands${from}`;
}
