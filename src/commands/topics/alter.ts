import type { Context } from '../../context.js';
import { CONSUMER_GROUP } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { groupLag } from '../../kafka/groups.js';
import { sampleKeys, type KeySample } from '../../kafka/key-sample.js';
import { countPartitions, createPartitions } from '../../kafka/topics.js';
import { liveLine } from '../../output/spinner.js';
import { count, pairs } from '../../output/table.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly partitions: number;
  readonly waitDrained?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function run(
  context: Context,
  options: Options,
  topic: string,
): Promise<CommandResult> {
  const cluster = await context.cluster();
  const to = options.partitions;
  const from = await countPartitions(cluster, topic);
  if (to < from) throw fewerPartitions(topic, from, to);

  const keys = await sampleKeys(await context.reader(), topic, from, to);
  const lag = () => groupLag(cluster, CONSUMER_GROUP, topic);
  const isDrained = options.waitDrained !== true || (await waitUntilDrained(context, lag));
  const behind = Number(await lag());
  const warnings = to === from ? [] : warningsOf({ from, to, keys, behind, isDrained });
  const mayApply = options.dryRun !== true && to > from && isDrained;
  if (mayApply) {
    for (const warning of warnings) context.output.warn(warning);
    await context.confirm(
      `Raise ${topic} from ${String(from)} to ${String(to)} partitions`,
      options,
    );
    await createPartitions(cluster, topic, to);
  }
  const { sampled, moved } = keys;
  const document = {
    topic,
    from,
    to,
    applied: mayApply,
    keys: { sampled, moved },
    lag: behind,
    warnings,
  };
  context.output.result(document, () =>
    pairs([
      ['topic', topic],
      ['partitions', `${String(from)} → ${String(to)}`],
      ['keys', `${count(moved)} of ${count(sampled)} sampled move to another partition`],
      ['lag', count(behind)],
      ['applied', mayApply ? context.output.paint.green('yes') : 'no'],
    ]),
  );
  if (!mayApply) for (const warning of warnings) context.output.note(`note: ${warning}`);
  if (to === from) context.output.note(`${topic} has ${String(from)} partitions already.`);
  return isDrained ? undefined : 'check-failed';
}

const DRAINED_CHECK_MS = 250;

/** False where --timeout is over first. */
async function waitUntilDrained(context: Context, lag: () => Promise<bigint>): Promise<boolean> {
  const line = await liveLine(context.output, 'waiting until the group has read everything');
  const deadlineMs = context.clock.now() + context.options.timeoutMs;
  try {
    for (;;) {
      const behind = await lag();
      if (behind === 0n) return true;
      if (context.clock.now() >= deadlineMs) return false;
      line.update(`waiting until the group has read everything: ${count(Number(behind))} to go`);
      await context.clock.wait(DRAINED_CHECK_MS, new AbortController().signal);
    }
  } finally {
    line.stop();
  }
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly keys: KeySample;
  readonly behind: number;
  readonly isDrained: boolean;
}

function warningsOf({ from, to, keys, behind, isDrained }: Change): readonly string[] {
  const warnings = [
    `The mapping of keys to partitions changes (hash modulo ${String(from)} becomes modulo ${String(to)}), and partitions can never be taken away again.`,
  ];
  if (keys.moved > 0) {
    const names = keys.movedKeys.map((key) => JSON.stringify(key)).join(', ');
    const more = keys.moved > keys.movedKeys.length ? ', ...' : '';
    warnings.push(
      `${count(keys.moved)} of ${count(keys.sampled)} sampled keys move (${names}${more}): their next requests go to another partition than those before.`,
    );
  }
  if (behind > 0) {
    warnings.push(
      `Group ${CONSUMER_GROUP} has ${count(behind)} records to read: a moved campaign's new requests may be decided before its older ones. Wait for lag 0 first (--wait-drained).`,
    );
  }
  if (!isDrained)
    warnings.push('The group was not drained within --timeout, so nothing was changed.');
  return warnings;
}

function fewerPartitions(topic: string, from: number, to: number): CliError {
  return new CliError(
    'FEWER_PARTITIONS',
    `${topic} has ${String(from)} partitions and can't have ${String(to)}: Kafka only adds partitions, it never removes any.`,
    `Give --partitions above ${String(from)}, or make the topic anew.`,
  );
}
