/** Observes the cluster for `doctor`. A failed request is a finding, and the other checks go on. */
import type { Services } from '../services.js';
import { DLQ_TOPIC, REQUEST_TOPIC, profileFor, topicsOf } from '../../coupon/topics.js';
import { failureOf, type Failure, hasCode } from '../../errors.js';
import { isSameTransaction, openTransactionsOf, type OpenTransaction } from '../../ports/log.js';
import { lagOfReadings } from '../../records/reading.js';
import { fail, type Check, type Login, type StoreOfGroup } from '../../doctor/check.js';
import {
  checkApis,
  checkBrokers,
  checkGroup,
  checkLogin,
  checkStoreOfGroup,
  checkTopic,
  checkTransactions,
  isLocal,
  notChecked,
} from '../../doctor/cluster-checks.js';
import { checkClock } from '../../doctor/clock-check.js';
import { groupReadings } from '../../lag/group-readings.js';
import type {
  ClusterAdmin,
  PartitionDescription,
  ProbedBroker,
} from '../../ports/cluster-admin.js';
import { otherStoreOf } from '../../records/standing.js';
import { committedOf, comparedNow, storeMismatch } from '../../records/store-comparison.js';
import { planTopics } from '../../topics/plan.js';
import { observeClocks } from './observe-clocks.js';

/** The checks that are impossible without one. */
const NEED_LOGIN = ['topics', 'group', 'store-of-group', 'transactions', 'clock'];

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
    return [reachable, ...['api-versions', 'login', ...NEED_LOGIN].map(notChecked)];
  }
  const seen = await logIn(services, admin);
  const checks = [reachable, checkApis(reached.apis), checkLogin(seen)];
  if ('message' in seen) return [...checks, ...NEED_LOGIN.map(notChecked)];
  // Together, because each may wait until --timeout for a broker that is down.
  const [topics, groupSeen, storeSeen, transactions, clocks] = await Promise.all([
    examineTopics(services, admin, seen.brokers),
    lookAtGroup(services, admin, group).catch(failureOf),
    compareStore(services, admin, group).catch(failureOf),
    openTransactions(services).catch(failureOf),
    observeClocks(services).catch(failureOf),
  ]);
  return [
    ...checks,
    ...topics,
    checkGroup(groupSeen),
    checkStoreOfGroup(storeSeen),
    checkTransactions(transactions, brokers),
    checkClock(clocks, services.clock.now()),
  ];
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
  const profile = profileFor(brokers);
  try {
    const plans = await planTopics(admin, topicsOf(profile), services.options.brokers.join(','));
    const silent = plans.flatMap(({ existing }) => silentLeaders(existing?.partitions ?? []));
    const silentBrokers = [...new Set(silent)].sort((a, b) => a - b);
    return plans.map(({ spec, existing, differences }) =>
      checkTopic(
        {
          name: spec.name,
          exists: existing !== null,
          differences,
          partitions: existing?.partitions ?? [],
          minInSyncReplicas: Number(existing?.effectiveConfig?.['min.insync.replicas'] ?? 1),
          silentBrokers,
        },
        profile,
      ),
    );
  } catch (error) {
    return [fail('topics', { code: 'TOPICS_FAILED', failure: failureOf(error) })];
  }
}

function silentLeaders(partitions: readonly PartitionDescription[]): readonly number[] {
  return partitions.flatMap(({ leader, endOffset }) =>
    leader === null || endOffset !== null ? [] : [leader],
  );
}

async function lookAtGroup(services: Services, admin: ClusterAdmin, group: string) {
  const reader = await services.reader();
  const { state, members } = await admin.describeGroup(group);
  const read = await groupReadings(admin, reader, group, REQUEST_TOPIC)
    .then((readings) => ({ partitions: readings.length, lag: BigInt(lagOfReadings(readings)) }))
    .catch((error: unknown) => {
      // Without its topic there is no lag: the topics' checks say so.
      if (hasCode(error, 'TOPIC_NOT_FOUND')) return null;
      throw error;
    });
  return { group, state, members: members.length, ...(read ?? { partitions: null, lag: null }) };
}

async function compareStore(
  services: Services,
  admin: ClusterAdmin,
  group: string,
): Promise<StoreOfGroup> {
  const here = { group, ...services.storePlace() };
  if (!(await (await services.storeAccess()).exists())) {
    const used = otherStoreOf(await committedOf(admin, group, REQUEST_TOPIC), '');
    return { ...here, code: 'NO_STORE_TO_COMPARE', used };
  }
  const reader = await services.reader();
  const compared = await comparedNow(admin, reader, group, REQUEST_TOPIC);
  const mismatch = await storeMismatch(await services.storeStand(), reader, compared);
  if (mismatch !== null) return { ...here, ...mismatch };
  const hasCommitted = [...compared.committed.values()].some((offset) => offset !== null);
  return { ...here, code: hasCommitted ? 'STORE_OF_GROUP' : 'NO_OFFSETS_TO_COMPARE' };
}

/** Long enough for a transaction that its producer is about to end. */
const TRANSACTION_CHECK_MS = 2000;

/** Those that are open at both of two looks, in the topics of this pipeline. */
async function openTransactions(services: Services): Promise<readonly OpenTransaction[]> {
  const reader = await services.reader();
  const look = async () => {
    const found = await Promise.all(
      [REQUEST_TOPIC, DLQ_TOPIC].map((topic) =>
        reader.bounds(topic).then(
          (bounds) => openTransactionsOf(topic, bounds),
          (error: unknown) => {
            // It has a check of its own, and no records.
            if (hasCode(error, 'TOPIC_NOT_FOUND')) return [];
            throw error;
          },
        ),
      ),
    );
    return found.flat();
  };
  const first = await look();
  if (first.length === 0) return [];
  await services.clock.wait(TRANSACTION_CHECK_MS);
  const second = await look();
  return second.filter((each) => first.some((other) => isSameTransaction(each, other)));
}
