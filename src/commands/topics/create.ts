import type { Context } from '../../context.js';
import { DLQ_TOPIC, topicsOf, type Profile, type TopicSpec } from '../../coupon/topics.js';
import { createTopics, planTopics, type TopicPlan } from '../../kafka/topics.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly profile: Profile;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly dryRun?: boolean;
}

type Status = 'created' | 'exists' | 'differs' | 'planned';

export async function run(context: Context, options: Options): Promise<CommandResult> {
  const cluster = await context.cluster();
  const plans = await planTopics(cluster, wantedTopics(options));
  const missing = plans.filter(({ existing }) => existing === null);
  if (options.dryRun !== true) {
    await createTopics(
      cluster,
      missing.map(({ spec }) => spec),
    );
  }
  const topics = plans.map((plan) => describePlan(plan, options.dryRun ?? false));
  context.output.result({ topics }, () =>
    table(
      [
        { title: 'TOPIC' },
        { title: 'PARTITIONS', align: 'right' },
        { title: 'REPLICAS', align: 'right' },
        { title: 'STATUS' },
        { title: 'DIFFERS FROM PROFILE' },
      ],
      topics.map((topic) => [
        topic.name,
        topic.partitions,
        topic.replicationFactor,
        paintStatus(context, topic.status),
        topic.differences
          .map(({ property, actual, expected }) => `${property} ${actual ?? '-'}, not ${expected}`)
          .join('; '),
      ]),
    ),
  );
  return undefined;
}

/** --partitions is for the topics that carry load; the DLQ keeps its one partition, one order. */
function wantedTopics(options: Options): readonly TopicSpec[] {
  return topicsOf(options.profile).map((spec) => ({
    ...spec,
    partitions: spec.name === DLQ_TOPIC ? spec.partitions : (options.partitions ?? spec.partitions),
    replicationFactor: options.replicationFactor ?? spec.replicationFactor,
  }));
}

function describePlan({ spec, existing, differences }: TopicPlan, dryRun: boolean) {
  const { name } = spec;
  if (existing === null) {
    const { partitions, replicationFactor, config } = spec;
    const status: Status = dryRun ? 'planned' : 'created';
    return { name, partitions, replicationFactor, config, status, differences };
  }
  const status: Status = differences.length === 0 ? 'exists' : 'differs';
  const { partitions, replicationFactor, config } = existing;
  return { name, partitions: partitions.length, replicationFactor, config, status, differences };
}

function paintStatus(context: Context, status: Status): string {
  const { paint } = context.output;
  switch (status) {
    case 'created':
      return paint.green(status);
    case 'differs':
      return paint.yellow(status);
    case 'exists':
    case 'planned':
      return status;
  }
}
