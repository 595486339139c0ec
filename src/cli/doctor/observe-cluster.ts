/** Observes the cluster for `doctor`. A failed request is a finding, and the other checks go on. */
import { timestampMsOf } from '../../records/timestamp.js';
import type { Services } from '../services.js';
import { REQUEST_TOPIC, topicsOf, type Profile } from '../../coupon/topics.js';
import { CliError, failureOf, type Failure } from '../../errors.js';
import { fail, type Check, type Login } from '../../doctor/check.js';
import {
  checkApis,
  checkBrokers,
  checkClock,
  checkGroup,
  checkLogin,
  checkTopic,
  isLocal,
  notChecked,
} from '../../doctor/cluster-checks.js';
import { groupLag } from '../../lag/group-lag.js';
import type { ClusterAdmin, ProbedBroker } from '../../ports/cluster-admin.js';
import { planTopics } from '../../topics/plan.js';

/** As many as replication factor 3 needs. */
const PRODUCTION_BROKERS = 3;

export async function examineCluster(services: Services, group: string): Promise<readonly Check[]> {
  const { brokers } = services.options;
  const admin = await services.admin();
  const probes = await Promise.all(
    brokers.map(async (address) => {
      const answer = await admin.probeBroker(address).catch(failureOf);
      return { address, answer };
    }),
  );
  const reached = probes.map(({ answer }) => answer).find(isAnswer);
  const reachable = checkBrokers(probes);
  if (reached === undefined) {
    return [reachable, ...['api-versions', 'login', 'topics', 'group', 'clock'].map(notChecked)];
  }
  const seen = await logIn(services, admin);
  const checks = [reachable, checkApis(reached.apis), checkLogin(seen)];
  if ('message' in seen) return [...checks, ...['topics', 'group', 'clock'].map(notChecked)];
  // Together, because each may wait until --timeout for a broker that is down.
  const [topics, groupSeen, newestMs] = await Promise.all([
    examineTopics(services, admin, seen.brokers),
    lookAtGroup(services, admin, group).catch(failureOf),
    newestTimestamp(services).catch(failureOf),
  ]);
  return [...checks, ...topics, checkGroup(groupSeen), checkClock(newestMs, services.clock.now())];
}

function isAnswer(answer: ProbedBroker | Failure): answer is ProbedBroker {
  return !('message' in answer);
}

async function logIn(services: Services, admin: ClusterAdmin): Promise<Login | Failure> {
  const { brokers: addresses, sasl, tls } = services.options;
  try {
    return {
      brokers: (await admin.brokerIds()).length,
      mechanism: sasl?.mechanism ?? null,
      tls: tls !== null,
      isLocal: addresses.every(isLocal),
    };
  } catch (error) {
    return failureOf(error);
  }
}

async function examineTopics(
  services: Services,
  admin: ClusterAdmin,
  brokers: number,
): Promise<readonly Check[]> {
  const profile: Profile = brokers >= PRODUCTION_BROKERS ? 'production' : 'local';
  try {
    const plans = await planTopics(admin, topicsOf(profile), services.options.brokers.join(','));
    return plans.map(({ spec, existing, differences }) =>
      checkTopic(
        {
          name: spec.name,
          exists: existing !== null,
          differences,
          partitions: existing?.partitions ?? [],
          minInSyncReplicas: Number(existing?.effectiveConfig?.['min.insync.replicas'] ?? 1),
        },
        profile,
      ),
    );
  } catch (error) {
    return [fail('topics', { code: 'TOPICS_FAILED', failure: failureOf(error) })];
  }
}

async function lookAtGroup(services: Services, admin: ClusterAdmin, group: string) {
  const { state, members } = await admin.describeGroup(group);
  const reader = await services.reader();
  const lag = await groupLag(admin, reader, group, REQUEST_TOPIC).catch((error: unknown) => {
    // Without its topic there is nothing to lag behind: the topics' checks say so.
    if (error instanceof CliError && error.code === 'TOPIC_NOT_FOUND') return null;
    throw error;
  });
  return { group, state, members: members.length, lag };
}

/** Of the last records of all partitions; null where there are none. */
async function newestTimestamp(services: Services): Promise<number | null> {
  const reader = await services.reader();
  const bounds = await reader.bounds(REQUEST_TOPIC).catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'TOPIC_NOT_FOUND') return [];
    throw error;
  });
  const last = await Promise.all(
    bounds
      .filter(({ startOffset, endOffset }) => endOffset > startOffset)
      .map(({ partition, endOffset }) =>
        reader.recordAt({ topic: REQUEST_TOPIC, partition, offset: endOffset - 1n }),
      ),
  );
  const timestamps = last.flatMap((record) => (record === null ? [] : [timestampMsOf(record)]));
  return timestamps.length === 0 ? null : Math.max(...timestamps);
}
