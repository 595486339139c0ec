import type { Context } from '../../context.js';
import { isInternalTopic } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { createPartitions } from '../../kafka/create-topics.js';
import { groupLag } from '../../kafka/groups.js';
import { countKeys, distinctKeys, movedKeys, newestRanges } from '../../kafka/key-sample.js';
import { countPartitions } from '../../kafka/topics.js';
import { liveLine } from '../../output/spinner.js';
import { count, pairs } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { adviceAfter, warningsOf } from './alter-warnings.js';

interface Options {
  readonly partitions: number;
  readonly group: string;
  readonly waitDrained?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Exit 3 where the group was not drained within --timeout: nothing is changed then. */
export async function run(
  context: Context,
  options: Options,
  topic: string,
): Promise<CommandResult> {
  const { output } = context;
  const cluster = await context.cluster();
  const { partitions: to, group } = options;
  if (isInternalTopic(topic)) throw internalTopic(topic);
  const from = await countPartitions(cluster, topic);
  if (to < from) throw fewerPartitions(topic, from, to);

  const reader = await context.reader();
  const keys = distinctKeys(await countKeys(reader, await newestRanges(reader, topic)));
  const moved = movedKeys(keys, from, to);
  const grows = to > from;
  const lag = () => groupLag(cluster, group, topic);
  const isDrained =
    !grows || options.waitDrained !== true || (await waitUntilDrained(context, group, lag));
  const behind = Number(await lag());
  const change = { topic, group, from, to, sampled: keys.length, moved, behind, isDrained };
  const warnings = grows ? warningsOf(change) : [];
  const mayApply = options.dryRun !== true && grows && isDrained;
  if (mayApply) {
    for (const warning of warnings) output.warn(warning);
    await context.confirm(
      `Raise ${topic} from ${String(from)} to ${String(to)} partitions`,
      options,
    );
    await createPartitions(cluster, topic, to);
  }
  const document = {
    topic,
    from,
    to,
    applied: mayApply,
    keys: { sampled: keys.length, moved: moved.length },
    lag: behind,
    warnings,
  };
  output.result(document, () =>
    pairs(
      [
        ['topic', topic],
        ['partitions', `${String(from)} → ${String(to)}`],
        [
          'keys',
          `${count(moved.length)} of ${count(keys.length)} sampled move to another partition`,
        ],
        ['lag', `${count(behind)} (${group})`],
        ['applied', mayApply ? output.paint.green('yes') : 'no'],
      ],
      output.columns,
    ),
  );
  if (!mayApply) for (const warning of warnings) output.note(`note: ${warning}`);
  if (!grows) output.note(`${topic} has ${String(from)} partitions already.`);
  else if (mayApply) output.note(adviceAfter(change));
  return isDrained ? undefined : 'check-failed';
}

const DRAINED_CHECK_MS = 250;

/** False where --timeout is over first. */
async function waitUntilDrained(
  context: Context,
  group: string,
  lag: () => Promise<bigint>,
): Promise<boolean> {
  const waiting = `waiting until ${group} has read everything`;
  const line = await liveLine(context.output, waiting);
  const deadlineMs = context.clock.now() + context.options.timeoutMs;
  try {
    for (;;) {
      const behind = await lag();
      if (behind === 0n) break;
      if (context.clock.now() >= deadlineMs) return false;
      line.update(`${waiting}: ${count(Number(behind))} to go`);
      await context.clock.wait(DRAINED_CHECK_MS, new AbortController().signal);
    }
  } finally {
    line.stop();
  }
  context.output.note(
    `${group} has read everything: adding partitions is safe now, as long as nobody produces meanwhile.`,
  );
  return true;
}

function internalTopic(topic: string): CliError {
  return new CliError(
    'INTERNAL_TOPIC',
    `${topic} is one of Kafka's own topics: with another number of partitions, every group and transaction would lose its state.`,
    'Nothing was changed. See the topics of this pipeline with `coupons topics list`.',
  );
}

function fewerPartitions(topic: string, from: number, to: number): CliError {
  return new CliError(
    'FEWER_PARTITIONS',
    `${topic} has ${String(from)} partitions and can't have ${String(to)}: Kafka only adds partitions, it never removes any.`,
    `Give --partitions above ${String(from)}, or make the topic anew.`,
  );
}
