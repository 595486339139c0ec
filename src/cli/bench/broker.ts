import { profileFor, topicsOf, type Profile } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { privateEnvironment, runCommand } from '../temporary/child-commands.js';
import type { Services } from '../services.js';

/** The broker of a benchmark, and how commands of ours reach it. */
export interface BenchBroker {
  /** For the report: "embedded", or what --brokers says. */
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: readonly string[];
  readonly profile: Profile;
  /** Leaves nothing behind, of these groups either. */
  close(groups: readonly string[]): Promise<void>;
  /** Where the process ends without a close. */
  readonly kill: () => void;
}

/** Starts an embedded broker with its data in `directory`. Throws CliError. */
export async function startEmbedded(directory: string): Promise<BenchBroker> {
  const env = privateEnvironment(directory, null);
  const broker = (...args: readonly string[]) =>
    runCommand(['broker', ...args, '--output', 'json'], { env, stdout: 'pipe', detached: true });
  const { code, output } = await broker('start', '--port', '0', '--quiet');
  if (code !== 0) throw new CliError('BENCH_FAILED', 'The embedded broker did not start.');
  const { address, pid } = JSON.parse(output) as { address: string; pid: number };
  return {
    name: 'embedded',
    env: privateEnvironment(directory, address),
    flags: [],
    profile: 'local',
    close: async () => {
      await broker('stop', '--quiet');
    },
    kill: () => {
      process.kill(pid, 'SIGKILL');
    },
  };
}

/** Those that `topics create` creates. */
const TOPICS = topicsOf('local').map(({ name }) => name);
/**
 * The cluster that --brokers names. Throws CliError BENCH_TOPICS_EXIST where it has our topics already: they
 * are deleted at the end.
 */
export async function useCluster(
  services: Services,
  options: { readonly yes?: boolean },
): Promise<BenchBroker> {
  const admin = await services.admin();
  const name = services.options.brokers.join(',');
  const existing = (await admin.listTopics()).filter((topic) => TOPICS.includes(topic));
  if (existing.length > 0) {
    throw new CliError(
      'BENCH_TOPICS_EXIST',
      `The cluster at ${name} has ${existing.join(', ')} already. A benchmark creates the topics of the pipeline and deletes them at its end, so it was not started.`,
      'Name a cluster that is not in use with --brokers, or none: then an embedded broker is started.',
    );
  }
  const topics = TOPICS.join(', ');
  const question = `Create ${topics} on ${name}, and delete them at the end`;
  const context = await services.confirm(question, { topics: TOPICS }, options, false);
  const brokers = await admin.brokerIds();
  return {
    name,
    env: process.env,
    flags: [...connectionFlags(services), '--confirm-context', context],
    profile: profileFor(brokers.length),
    close: async (groups) => {
      const present = await admin.listTopics();
      await admin.deleteTopics(TOPICS.filter((topic) => present.includes(topic)));
      await admin.deleteGroups(groups);
    },
    kill: () => undefined,
  };
}

const OWN_FILES: readonly string[] = ['data-dir', 'store'];

/** What the user gave to reach the cluster, without what says where the store is. */
function connectionFlags({ options }: Services): readonly string[] {
  const flags = Object.entries(options.flags).flatMap(([name, value]) => {
    if (OWN_FILES.includes(name)) return [];
    if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
    return [`--${name}`, String(value)];
  });
  return options.contextName === null ? flags : ['--context', options.contextName, ...flags];
}
