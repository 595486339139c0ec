import type { Services } from '../services.js';
import { hasCode } from '../../errors.js';
import { table } from '../../output/table.js';
import type { StoredPosition } from '../../ports/coupon-store.js';
import type { LogReader, PartitionBounds } from '../../ports/log.js';
import { storeToPlan } from '../confirm/store-to-plan.js';
import { counted } from '../../text/figures.js';
import { happened } from '../happened.js';
import type { CommandResult } from '../result.js';
import { forgottenOf } from './forgotten.js';
import { refuseWhileMembersRun } from './members.js';

interface Options {
  readonly group: string;
  readonly topic: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/**
 * First the group commits the start of the log, with this store: a crash before the store forgets where it
 * stands leaves it to go on there. The history has the positions before they are forgotten, because an audit needs them
 * where the topic was recreated.
 */
export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { group, topic, dryRun = false } = options;
  const seen = await (dryRun ? services.readableStore() : storeToPlan(services, options));
  const positions = await seen.positions(group, topic);
  const admin = await services.admin();
  await refuseWhileMembersRun(admin, group);
  const committed = (await admin.committedOffsets(group)).get(topic)?.size ?? 0;
  const isReset = positions.length === 0 && committed === 0;
  if (!dryRun && !isReset) {
    const bounds = await boundsOf(await services.reader(), topic);
    services.output.warn(againText(options, bounds));
    const target = { topics: [topic], store: true } as const;
    await services.confirm(question(options, positions), target, options);
    // A question may wait for long.
    await refuseWhileMembersRun(admin, group);
    const store = await services.writableStore();
    const own = await services.groupStore(store);
    const offsets = bounds.map(({ partition, startOffset }) => {
      return [partition, { offset: startOffset, mark: { ...own, applied: null } }] as const;
    });
    if (offsets.length > 0) await admin.commitOffsets(group, topic, new Map(offsets));
    const partitions = bounds.map(({ partition }) => partition);
    const forgotten = await forgottenOf(store, await store.positions(group, topic));
    await happened(services, { kind: 'OFFSETS_RESET', group, topic, partitions, forgotten });
    await store.forgetPositions(group, topic);
  }
  show(services, { group, topic, dryRun }, positions);
  if (positions.length === 0) {
    const nothing = `The store has no position in ${topic}.`;
    const outcome = `Group ${group} ${dryRun ? 'would read' : 'reads'} ${topic} from its start into this store.`;
    services.output.note(isReset ? nothing : outcome);
  }
  return undefined;
}

/** None of a topic that was deleted: with it went what was committed of it. */
async function boundsOf(
  reader: Pick<LogReader, 'bounds'>,
  topic: string,
): Promise<readonly PartitionBounds[]> {
  return reader.bounds(topic).catch((error: unknown) => {
    if (hasCode(error, 'TOPIC_NOT_FOUND')) return [];
    throw error;
  });
}

function againText({ group, topic }: Options, bounds: readonly PartitionBounds[]): string {
  const records = bounds.reduce((sum, each) => sum + each.endOffset - each.startOffset, 0n);
  return `Group ${group} reads ${topic} from its start again: ${counted(Number(records), 'record')}. Issued coupons and outcomes stay as they are.`;
}

function question({ group, topic }: Options, positions: readonly StoredPosition[]): string {
  return positions.length === 0
    ? `Let group ${group} read ${topic} from its start into this store`
    : `Delete the positions of group ${group} in ${topic} (${counted(positions.length, 'partition')})`;
}

interface Reset {
  readonly group: string;
  readonly topic: string;
  readonly dryRun: boolean;
}

function show({ output }: Services, reset: Reset, positions: readonly StoredPosition[]): void {
  const document = {
    ...reset,
    partitions: positions.map(({ clusterId, partition, nextOffset }) => ({
      clusterId,
      partition,
      nextOffset,
    })),
  };
  output.result(document, () =>
    positions.length === 0
      ? ''
      : table(
          [
            { title: 'PARTITION', align: 'right' },
            { title: reset.dryRun ? 'WOULD DELETE' : 'DELETED', align: 'right' },
            { title: 'CLUSTER', tight: 'fold' },
          ],
          positions.map(({ partition, nextOffset, clusterId }) => [
            partition,
            nextOffset,
            clusterId,
          ]),
          output.columns,
        ),
  );
}
