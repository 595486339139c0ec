import type { Services } from '../services.js';
import { DLQ_TOPIC, topicsOf, type Profile, type TopicSpec } from '../../coupon/topics.js';
import type { CliError } from '../../errors.js';
import { planTopics, refusalOf, type TopicDifference, type TopicPlan } from '../../topics/plan.js';
import { table } from '../../output/table.js';
import { facts, wrappedRemedy } from '../../output/wrap.js';
import type { CommandResult } from '../result.js';
import { differenceLine } from './difference-line.js';

interface Options {
  readonly profile: Profile;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly dryRun?: boolean;
}

type Status = 'created' | 'exists' | 'differs' | 'planned';

interface ShownPlan extends Omit<TopicPlan, 'differences'> {
  readonly differences: readonly (TopicDifference & { readonly mend: string })[];
}

type PlannedTopic = ReturnType<typeof describePlan>;

/** What the cluster can't do is refused before anything is created; --dry-run shows plan and refusal. */
export async function run(services: Services, options: Options): Promise<CommandResult> {
  const admin = await services.admin();
  const bootstrap = services.options.brokers.join(',');
  const plans = await planTopics(admin, wantedTopics(options), bootstrap);
  const missing = plans.filter(({ existing }) => existing === null).map(({ spec }) => spec);
  const refusal = await refusalOf(admin, missing);
  const isDry = options.dryRun ?? false;
  if (!isDry) {
    if (refusal !== null) throw refusal;
    if (missing.length > 0) {
      await services.announceChange({ topics: missing.map(({ name }) => name) });
      await admin.createTopics(missing);
    }
  }
  const topics = plans.map(({ differences, ...plan }) =>
    describePlan(
      {
        ...plan,
        differences: differences.map(({ fix, ...each }) => {
          const command = services.pasted(fix);
          // `mend` is the older name of `fix`.
          return { ...each, mend: command, fix: command };
        }),
      },
      isDry,
    ),
  );
  services.output.result(documentOf(topics, refusal), () => draw(services, options, topics));
  if (refusal !== null) services.output.warn(`Without --dry-run: ${refusal.message}`);
  return undefined;
}

function documentOf(topics: readonly PlannedTopic[], refusal: CliError | null) {
  if (refusal === null) return { topics };
  const { code, message, hint } = refusal;
  return { topics, refusal: { code, message, hint } };
}

/**
 * --partitions is for the topics that carry load; the DLQ keeps its one partition, and so one order. With
 * fewer replicas than min.insync.replicas every write would be refused: that setting is lowered as well.
 */
function wantedTopics(options: Options): readonly TopicSpec[] {
  return topicsOf(options.profile).map((spec) => {
    const { name } = spec;
    const replicationFactor = options.replicationFactor ?? spec.replicationFactor;
    const config = { ...spec.config };
    const minInSync = config['min.insync.replicas'];
    if (minInSync !== undefined && Number(minInSync) > replicationFactor) {
      config['min.insync.replicas'] = String(replicationFactor);
    }
    if (options.partitions === undefined || name === DLQ_TOPIC) {
      return { ...spec, replicationFactor, config };
    }
    const { partitions } = options;
    return { ...spec, partitions, partitionsUpTo: partitions, replicationFactor, config };
  });
}

function describePlan({ spec, existing, differences }: ShownPlan, dryRun: boolean) {
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

function draw(services: Services, { profile }: Options, topics: readonly PlannedTopic[]): string {
  const { paint, columns } = services.output;
  const overview = table(
    [
      { title: 'TOPIC', tight: 'fold' },
      { title: 'PARTITIONS', align: 'right' },
      { title: 'REPLICAS', align: 'right' },
      { title: 'STATUS' },
    ],
    topics.map((topic) => [
      topic.name,
      topic.partitions,
      topic.replicationFactor,
      paintStatus(services, topic.status),
    ]),
    columns,
  );
  const differences = topics
    .filter((topic) => topic.differences.length > 0)
    .flatMap((topic) => [
      '',
      facts([paint.bold(topic.name), `differs from the ${profile} profile:`], columns),
      ...topic.differences.flatMap((difference) => [
        `  ${differenceLine(difference)}`,
        ...indented(wrappedRemedy(difference.fix, columns - 4)).map((line) => paint.dim(line)),
      ]),
    ]);
  return [overview, ...differences].join('\n');
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `    ${line}`);
}

function paintStatus(services: Services, status: Status): string {
  const { paint } = services.output;
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
