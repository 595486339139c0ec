import type { Services } from '../services.js';
import { isOnSale } from '../../coupon/campaign.js';
import { isInternalTopic } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { groupReadings } from '../../lag/group-readings.js';
import { countKeys, distinctKeys, movedKeys, newestRanges } from '../../topics/key-sample.js';
import { pairs } from '../../output/table.js';
import { happened } from '../happened.js';
import type { CommandResult } from '../result.js';
import { lookBeforeAltering, waitBeforeAltering } from './alter-wait.js';
import { adviceAfter, questionOf, warningsOf } from './alter-warnings.js';

interface Options {
  readonly partitions: number;
  readonly group: string;
  readonly waitDrained?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/**
 * Exit 3 where the group was not drained, or a transaction did not end, within --timeout: nothing is
 * changed then.
 */
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
  const look = () =>
    lookBeforeAltering(reader, topic, () => groupReadings(admin, reader, group, topic));
  const seen = await look();
  const movedOnSale = grows ? await movedCampaigns(services, from, to) : [];
  const change = {
    topic,
    group,
    from,
    to,
    sampled: keys.length,
    moved,
    behind: seen.lag,
    movedOnSale,
    openTransactions: seen.openTransactions,
    waits,
  };
  const warnings = grows ? [...warningsOf(change)] : [];
  if (mayApply) {
    for (const warning of warnings) output.warn(warning);
    // Before the wait: when it is over, the user may be away, and new requests may have arrived.
    await services.confirm(questionOf(change), { topics: [topic] }, options);
  } else {
    for (const warning of warnings) output.note(`note: ${warning}`);
  }
  const refusal = mayApply ? await waitBeforeAltering(services, group, waits, look) : [];
  for (const why of refusal) output.warn(why);
  warnings.push(...refusal);
  const isRefused = refusal.length > 0;
  const applied = mayApply && !isRefused;
  if (applied) {
    await admin.createPartitions(topic, to);
    await happened(services, { kind: 'PARTITIONS_ADDED', topic, from, to });
  }
  const last = waits || isRefused ? await look() : seen;
  const document = {
    topic,
    from,
    to,
    applied,
    keys: {
      sampled: keys.length,
      moved: moved.length,
      movedKeys: moved.map(String),
      movedOnSale,
    },
    lag: last.lag,
    openTransactions: last.openTransactions,
    warnings,
  };
  output.result(document, () => draw(document, group, output));
  if (!grows) output.note(`${topic} has ${String(from)} partitions already.`);
  else if (applied) output.note(adviceAfter(change));
  return isRefused ? 'check-failed' : undefined;
}

/** Of the campaigns on sale, whether or not the sample of keys has one; null where no store can be read. */
async function movedCampaigns(
  services: Services,
  from: number,
  to: number,
): Promise<readonly number[] | null> {
  const campaigns = await services
    .readableStore()
    .then((store) => store.campaigns())
    .catch((error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      services.output.detail(error.message);
      return null;
    });
  if (campaigns === null) return null;
  const onSale = campaigns.filter((campaign) => isOnSale(campaign, services.clock.now()));
  const keys = onSale.map(({ couponId }) => Buffer.from(String(couponId)));
  return movedKeys(keys, from, to).map(Number);
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
    `Give --partitions above ${String(from)}, or delete and recreate the topic.`,
  );
}
