import type { Services } from '../services.js';
import { isInternalTopic } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { groupLag } from '../../lag/group-lag.js';
import { countKeys, distinctKeys, movedKeys, newestRanges } from '../../topics/key-sample.js';
import { liveLine } from '../../output/spinner.js';
import { pairs } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { NOT_DRAINED, adviceAfter, questionOf, warningsOf } from './alter-warnings.js';

interface Options {
  readonly partitions: number;
  readonly group: string;
  readonly waitDrained?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Exit 3 where the group was not drained within --timeout: nothing is changed then. */
export async function run(
  services: Services,
  options: Options,
  topic: string,
): Promise<CommandResult> {
  const { output } = services;
  const admin = await services.admin();
  const { partitions: to, group } = options;
  if (isInternalTopic(topic)) throw internalTopic(topic);
  const from = await admin.countPartitions(topic);
  if (to < from) throw fewerPartitions(topic, from, to);

  const reader = await services.reader();
  const keys = distinctKeys(await countKeys(reader, await newestRanges(reader, topic)));
  const moved = movedKeys(keys, from, to);
  const grows = to > from;
  const mayApply = grows && options.dryRun !== true;
  const waits = mayApply && options.waitDrained === true;
  const lag = async () => Number(await groupLag(admin, reader, group, topic));
  const change = {
    topic,
    group,
    from,
    to,
    sampled: keys.length,
    moved,
    behind: await lag(),
    waits,
  };
  const warnings = grows ? [...warningsOf(change)] : [];
  if (mayApply) {
    for (const warning of warnings) output.warn(warning);
    // Before the wait: whoever has to be asked may be gone when it is over, and new requests there.
    await services.confirm(questionOf(change), options);
  } else {
    for (const warning of warnings) output.note(`note: ${warning}`);
  }
  const isDrained = !waits || (await waitUntilDrained(services, group, lag));
  if (!isDrained) {
    warnings.push(NOT_DRAINED);
    output.warn(NOT_DRAINED);
  }
  const applied = mayApply && isDrained;
  if (applied) await admin.createPartitions(topic, to);
  const behind = waits ? await lag() : change.behind;
  const document = {
    topic,
    from,
    to,
    applied,
    keys: { sampled: keys.length, moved: moved.length, movedKeys: moved.map(String) },
    lag: behind,
    warnings,
  };
  output.result(document, () => draw(document, group, output));
  if (!grows) output.note(`${topic} has ${String(from)} partitions already.`);
  else if (applied) output.note(adviceAfter(change));
  return isDrained ? undefined : 'check-failed';
}

interface Alteration {
  readonly topic: string;
  readonly from: number;
  readonly to: number;
  readonly applied: boolean;
  readonly keys: { readonly sampled: number; readonly moved: number };
  readonly lag: number;
}

function draw(
  { topic, from, to, applied, keys, lag }: Alteration,
  group: string,
  { paint, columns }: Services['output'],
): string {
  const moved = `${count(keys.moved)} of ${count(keys.sampled)} sampled move to another partition`;
  return pairs(
    [
      ['topic', topic],
      ['partitions', `${String(from)} → ${String(to)}`],
      ['keys', moved],
      ['lag', `${count(lag)} (${group})`],
      ['applied', applied ? paint.green('yes') : 'no'],
    ],
    columns,
  );
}

const DRAINED_CHECK_MS = 250;

/** False where --timeout is over first. */
async function waitUntilDrained(
  services: Services,
  group: string,
  lag: () => Promise<number>,
): Promise<boolean> {
  const waiting = `waiting until ${group} has read everything`;
  const line = await liveLine(services.output, waiting);
  const deadlineMs = services.clock.now() + services.options.timeoutMs;
  try {
    for (;;) {
      const behind = await lag();
      if (behind === 0) break;
      if (services.clock.now() >= deadlineMs) return false;
      line.update(`${waiting}: ${count(behind)} to go`);
      await services.clock.wait(DRAINED_CHECK_MS);
    }
  } finally {
    line.stop();
  }
  services.output.note(
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
