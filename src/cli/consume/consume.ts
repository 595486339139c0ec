import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import { failureOf } from '../../errors.js';
import { count } from '../../text/figures.js';
import type { LogFile } from '../../output/log-file.js';
import { consume, type ConsumePorts } from '../../consume/consume.js';
import { lagOfReadings } from '../../records/reading.js';
import { memberClientId, type ConsumeMode } from '../../consume/consume-mode.js';
import { RunStatistics } from '../../consume/statistics.js';
import { groupReadings } from '../../lag/group-readings.js';
import type { ClusterAdmin } from '../../ports/cluster-admin.js';
import type { ConsumerStore, StoredPosition } from '../../ports/coupon-store.js';
import type { GroupStore } from '../../ports/group-store.js';
import { whenAborted } from '../../signals.js';
import { logPathOf } from '../log-path.js';
import type { CommandResult } from '../result.js';
import { ConsumeProgress, type ProgressStyle } from './progress.js';
import { firstLines, startedLine, stoppingLine } from './first-lines.js';
import { Recording } from './recording.js';
import { announceFirstReading } from './first-reading.js';
import { groupOffsetsOf, offsetsUnlessOfAnotherStore } from './group-offsets.js';
import { showSummary } from './summary.js';
import { turns } from './turns.js';
import type { ConsumeEndpoint } from '../../serve/metrics/consume/consume-endpoint.js';
import { openConsumeLog, type LogOptions } from './consume-log.js';
import { startMetrics, type MetricsOptions } from './metrics.js';

interface Options extends LogOptions, MetricsOptions {
  readonly mode: ConsumeMode;
  readonly batchSize: number;
  readonly group: string;
  readonly untilDrained?: boolean;
  readonly maxRecords?: number;
  readonly progress: ProgressStyle;
  readonly yes?: boolean;
}

/**
 * For how much a fetch waits, and how long: at rest, a member costs what these fetches cost. The Spring
 * system's batch listener waited for 1 KiB or half a second as well.
 */
const FETCHES = {
  single: { fetchMinBytes: 1, fetchWaitMs: 500 },
  batch: { fetchMinBytes: 1024, fetchWaitMs: 500 },
  // A member whose partitions are all held until the scheduler wakes looks again after this.
  scheduler: { fetchMinBytes: 1, fetchWaitMs: 200 },
} as const;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const signal = AbortSignal.any([services.gracefulStop(), services.stdout.readerGone]);
  const metrics = await startMetrics(services, options);
  try {
    return await runUntil(signal, services, options, metrics);
  } finally {
    // It answers until the run is over.
    await metrics?.close();
  }
}

async function runUntil(
  signal: AbortSignal,
  services: Services,
  options: Options,
  metrics: ConsumeEndpoint | null,
): Promise<CommandResult> {
  const found = await Promise.race([lookAround(services, options, metrics), whenAborted(signal)]);
  if (found === null) {
    showSummary(services, options, new RunStatistics().summary());
    return stoppedEarly(services, options);
  }
  await announce(services, options, found);
  const { clusterId, partitions } = found;
  // One that is not there yet is created only now: a "no" leaves nothing behind.
  const store = found.store ?? (await services.consumerStore(metrics?.onTransaction));
  const opened = { ...found, store, own: await services.groupStore(store) };
  const log = openConsumeLog(services, options);
  if (options.concurrency > partitions) warnOfIdleMembers(services, options, partitions);

  const ports: ConsumePorts = {
    ...(await portsOf(services, options, opened, log)),
    ...(metrics === null ? {} : { onLatency: metrics.onLatency }),
  };
  sayStarted(services, options, clusterId, log);
  const progress = await ConsumeProgress.start(services, options.progress, log, ports.groupLag);
  if (metrics !== null) log.info(`metrics are at ${metrics.url}`);
  const recording = new Recording(services, store, log, { ...options, clusterId });
  const ending = { isEarly: false };
  try {
    const summary = await consume(
      ports,
      {
        mode: options.mode,
        batchSize: options.batchSize,
        source: { clusterId, group: options.group, topic: REQUEST_TOPIC },
        untilDrained: options.untilDrained ?? false,
        maxRecords: options.maxRecords ?? null,
      },
      (event) => {
        // Whatever asked for it first: once the group is drained, a signal changes nothing.
        if (event.kind === 'stopping') ending.isEarly = signal.aborted;
        progress.on(event);
        if (event.kind === 'stopping' && ending.isEarly && !log.isOnStderr) {
          services.output.note(stoppingLine(options.mode, event.onTheWay));
        }
        recording.on(event);
        metrics?.onEvent(event);
      },
      signal,
    );
    progress.stop();
    log.info(`stopped after ${String(summary.records)} records`);
    await recording.stopped(null);
    showSummary(services, options, summary);
  } catch (error) {
    progress.stop();
    const { code, message } = failureOf(error);
    log.warn(`ended by an error: ${message}`, { code });
    await recording.stopped(code);
    throw error;
  } finally {
    await closeLog(log);
  }
  return ending.isEarly ? stoppedEarly(services, options) : undefined;
}

async function portsOf(
  services: Services,
  { group, mode, concurrency }: Options,
  { store, own, reader, admin, deadLetterMaxBytes }: Opened,
  log: LogFile,
): Promise<ConsumePorts> {
  const groupOffsets = groupOffsetsOf(admin, group, own);
  return {
    store,
    reader,
    groupOffsets,
    deadLetters: await services.producer(DLQ_TOPIC),
    deadLetterMaxBytes,
    members: await Promise.all(
      Array.from({ length: concurrency }, (_unused, index) =>
        services.member({
          group,
          topic: REQUEST_TOPIC,
          clientId: memberClientId(mode, index + 1),
          store: groupOffsets.store,
          ...FETCHES[mode],
          log: (line) => {
            log.warn(`member ${String(index + 1)}: ${line}`, { member: index + 1 });
          },
        }),
      ),
    ),
    groupLag: async () =>
      BigInt(lagOfReadings(await groupReadings(admin, reader, group, REQUEST_TOPIC))),
    ...services.clock,
    yieldTurn: turns(),
  };
}

/** A stop is how a consumer without a goal ends; one with a goal has not reached it. */
function stoppedEarly({ output }: Services, options: Options): CommandResult {
  const { untilDrained = false, maxRecords } = options;
  if (!untilDrained && maxRecords === undefined) return undefined;
  const goal = untilDrained ? 'the group was drained' : `${count(maxRecords ?? 0)} records`;
  output.talk(`Interrupted before ${goal}.`);
  return 'interrupted';
}

/** What there is to work with; waits for a broker that does not answer as long as --timeout says. */
async function lookAround(services: Services, { group }: Options, metrics: ConsumeEndpoint | null) {
  const isThere = await (await services.storeAccess()).exists();
  const store = isThere ? await services.consumerStore(metrics?.onTransaction) : null;
  const reader = await services.reader();
  const clusterId = await reader.clusterId();
  const admin = await services.admin();
  const partitions = await admin.countPartitions(REQUEST_TOPIC);
  const deadLetterMaxBytes = await dlqMaxBytes(admin);
  const own = await services.groupStore(store ?? UNMADE);
  const offsets = groupOffsetsOf(admin, group, own);
  const committed = await offsetsUnlessOfAnotherStore(admin, group, offsets);
  return { store, committed, reader, admin, clusterId, partitions, deadLetterMaxBytes };
}

/** No group uses a store that is not there yet. */
const UNMADE = { identity: () => Promise.resolve({ id: '' }) };

type Surroundings = Awaited<ReturnType<typeof lookAround>>;

interface Opened extends Surroundings {
  readonly store: ConsumerStore;
  /** As the group is told of it. */
  readonly own: GroupStore;
}

/** Not while a signal would make an end of it: it may ask, and the question takes the signal for a no. */
async function announce(
  services: Services,
  options: Options,
  { store, clusterId, reader, committed }: Surroundings,
): Promise<void> {
  const source = { clusterId, group: options.group, topic: REQUEST_TOPIC };
  const positions = store === null ? [] : await storedPositions(services);
  await announceFirstReading(services, source, { positions, reader, committed }, options);
}

async function storedPositions(services: Services): Promise<readonly StoredPosition[]> {
  const store = await services.readableStore();
  const positions = await store.allPositions();
  await store.close();
  return positions;
}

/** Also makes sure that the DLQ is there before the first record needs it. */
async function dlqMaxBytes(admin: ClusterAdmin): Promise<number> {
  await admin.countPartitions(DLQ_TOPIC);
  return admin.maxMessageBytes(DLQ_TOPIC);
}

function warnOfIdleMembers(services: Services, { concurrency }: Options, partitions: number): void {
  const idle = concurrency - partitions;
  services.output.warn(
    `${REQUEST_TOPIC} has ${String(partitions)} partitions, so ${String(idle)} of ${String(concurrency)} members will sit idle: partitions are what limits. Add some with \`coupons topics alter ${REQUEST_TOPIC} --partitions ${String(concurrency)}\`.`,
  );
}

function sayStarted(services: Services, options: Options, clusterId: string, log: LogFile): void {
  log.info(startedLine(options, services.options, clusterId));
  if (log.isOnStderr) return;
  const path = options.logFile ?? logPathOf(services);
  const lines = firstLines(options, services.options, clusterId, path, services.output.talkColumns);
  for (const line of lines) services.output.note(line);
}

const CLOSE_LOG_MS = 500;

/** A log on a full or dead disk must not hold the shutdown. */
async function closeLog(log: LogFile): Promise<void> {
  await Promise.race([log.close(), sleep(CLOSE_LOG_MS)]);
}
