import { hostname } from 'node:os';
import type { Services } from '../services.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { advise } from '../../advice/advice.js';
import type { AdviceFacts, KeyShare, TopicFacts } from '../../advice/facts.js';
import { countLetters } from '../../dead-letters/scan.js';
import { measureLag, type LagReport } from '../../lag/lag.js';
import { sampleLag } from '../../lag/sample.js';
import { CAUTION_ABOVE } from '../../lag/status.js';
import type { ClusterAdmin } from '../../ports/cluster-admin.js';
import { lagOf, readingOffset, type LagSample } from '../../ports/lag-sample.js';
import type { ClusterLogReader, LogReader } from '../../ports/log.js';
import { slideWindow } from '../../lag/window.js';
import { liveLine } from '../../output/spinner.js';
import { modeOfClientId } from '../../consume/consume-mode.js';
import { effectiveConfigOf } from '../../topics/effective-config.js';
import { busiestShare, countKeys, sampleSize, spreadRanges } from '../../topics/key-sample.js';
import { withSizes, type SizedTopic } from '../../topics/sizes.js';
import { adviceDocument } from './document.js';
import { drawAdvice } from './draw-advice.js';
import { logPathOf } from '../log-path.js';
import { comparableStand, comparedIn, storeMismatch } from '../store-mismatch.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly group: string;
  /** In seconds. */
  readonly observe: number;
}

const MOST_LOOKS_APART_MS = 1000;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const admin = await services.admin();
  const reader = await services.reader();
  const topics = await ownTopics(admin);
  const hasDlq = topics.some(({ name }) => name === DLQ_TOPIC);
  const before = hasDlq ? await deadLetters(reader) : null;
  const { lag, last, observedMs } = await observe(services, admin, reader, options);
  const after = hasDlq ? await deadLetters(reader) : null;
  const facts: AdviceFacts = {
    topic: REQUEST_TOPIC,
    lag,
    observedMs,
    mode: modeOf(lag),
    ...(await unreadKeys(reader, last)),
    topics: topics.map(topicFacts),
    deadLetters: before === null || after === null ? null : { before, after },
    brokers: (await admin.brokerIds()).length,
    bootstrap: services.options.brokers.join(','),
    logPath: logPathOf(services),
    storeKind: services.options.store.kind,
    mismatch: await mismatchAt(services, reader, last),
    host: hostname(),
  };
  const advice = adviceDocument(advise(facts), (command) => services.pasted(command));
  const { paint, columns } = services.output;
  services.output.result(advice, () => drawAdvice(advice, lag, { paint, columns }));
  return undefined;
}

/** Null also where there is no store here that can be read. */
async function mismatchAt(
  services: Services,
  reader: ClusterLogReader,
  last: LagSample,
): Promise<AdviceFacts['mismatch']> {
  const stand = await comparableStand(services);
  if (stand === null) return null;
  return storeMismatch(stand, reader, comparedIn(last));
}

interface Observation {
  readonly lag: LagReport;
  readonly last: LagSample;
  readonly observedMs: number;
}

/** Looks at the group for --observe seconds, at least twice. */
async function observe(
  services: Services,
  admin: ClusterAdmin,
  reader: ClusterLogReader,
  { group, observe: seconds }: Options,
): Promise<Observation> {
  const { clock, output } = services;
  const query = { group, topic: REQUEST_TOPIC };
  const line = await liveLine(output, `observing ${group} for ${String(seconds)} s`);
  try {
    let last = await sampleLag(admin, reader, query, clock.now);
    const first = last;
    let window: readonly LagSample[] = [];
    let lag = measureLag(last, { warnAbove: CAUTION_ABOVE });
    while (last.takenAtMs - first.takenAtMs < seconds * 1000) {
      const leftMs = first.takenAtMs + seconds * 1000 - last.takenAtMs;
      await clock.wait(Math.min(MOST_LOOKS_APART_MS, leftMs));
      window = slideWindow(window, last);
      last = await sampleLag(admin, reader, query, clock.now);
      lag = measureLag(last, { warnAbove: CAUTION_ABOVE }, window);
      const left = Math.max(0, Math.ceil(seconds - (last.takenAtMs - first.takenAtMs) / 1000));
      line.update(`observing ${group}: lag ${count(lag.totalLag)}, ${String(left)} s left`);
    }
    return { lag, last, observedMs: last.takenAtMs - first.takenAtMs };
  } finally {
    line.stop();
  }
}

/** Throws CliError TOPIC_NOT_FOUND where there is no request topic. */
async function ownTopics(admin: ClusterAdmin): Promise<readonly SizedTopic[]> {
  const known = await admin.listTopics();
  const wanted = [REQUEST_TOPIC, DLQ_TOPIC];
  const described = await admin.describeTopics(
    wanted.filter((name) => name === REQUEST_TOPIC || known.includes(name)),
  );
  return withSizes(admin, described);
}

/** 0 where a partition is offline: OFFLINE_PARTITION reports that. */
async function deadLetters(reader: LogReader): Promise<number> {
  try {
    return countLetters(await reader.bounds(DLQ_TOPIC));
  } catch (error) {
    if (error instanceof CliError && error.code === 'PARTITION_OFFLINE') return 0;
    throw error;
  }
}

/** Where the members have several modes, the slowest one: it is the one to change. */
function modeOf({ partitions }: LagReport): AdviceFacts['mode'] {
  const modes = partitions.map(({ clientId }) => modeOfClientId(clientId ?? ''));
  return (['scheduler', 'single', 'batch'] as const).find((mode) => modes.includes(mode)) ?? null;
}

/** More would be of little use: production has 6 to 12. */
const PARTITION_CHOICES = [6, 12, 24];
const KEYS_SHOWN = 10;

/** Which campaigns the unread records belong to: a sample of each partition, weighted by its lag. */
async function unreadKeys(
  reader: LogReader,
  { partitions }: LagSample,
): Promise<Pick<AdviceFacts, 'unreadKeys' | 'spreads'>> {
  const size = sampleSize(partitions.length);
  const behind = partitions.filter((sample) => readingOffset(sample) < sample.stableEndOffset);
  const ranges = behind.map((sample) => {
    const { topic, partition, stableEndOffset } = sample;
    const from = readingOffset(sample);
    return spreadRanges({ topic, partition, from, to: stableEndOffset }, size);
  });
  // How many unread records each sampled record stands for.
  const weights = new Map(
    behind.map((sample, index) => {
      const looked = (ranges[index] ?? []).reduce((sum, { from, to }) => sum + to - from, 0n);
      return [sample.partition, lagOf(sample) / Number(looked)];
    }),
  );
  const counts = (await countKeys(reader, ranges.flat())).map((found) => ({
    ...found,
    records: found.records * (weights.get(found.partition) ?? 1),
  }));
  const total = counts.reduce((sum, { records }) => sum + records, 0);
  const shares = counts
    .map(({ key, partition, records }): KeyShare => ({
      key: key.toString('utf8'),
      partition,
      share: records / total,
    }))
    .sort((a, b) => b.share - a.share);
  const choices = [
    partitions.length,
    ...PARTITION_CHOICES.filter((choice) => choice > partitions.length),
  ];
  const spreads = choices.map((choice) => ({
    partitions: choice,
    busiestShare: busiestShare(counts, choice),
  }));
  return { unreadKeys: shares.slice(0, KEYS_SHOWN), spreads: total === 0 ? [] : spreads };
}

function topicFacts(topic: SizedTopic): TopicFacts {
  const { name, replicationFactor, partitions } = topic;
  const config = effectiveConfigOf(topic);
  const retentionMs = Number(config['retention.ms'] ?? -1);
  const retentionBytes = Number(config['retention.bytes'] ?? -1);
  return {
    name,
    replicationFactor,
    minInSyncReplicas: Number(config['min.insync.replicas'] ?? 1),
    retentionMs: retentionMs < 0 ? null : retentionMs,
    retentionBytes: retentionBytes < 0 ? null : retentionBytes,
    partitions: partitions.map(({ partition, leader, isr, sizeBytes }) => ({
      partition,
      hasLeader: leader !== null,
      inSyncReplicas: isr.length,
      sizeBytes,
    })),
  };
}
