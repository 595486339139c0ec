import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { LetterCauses } from '../../dead-letters/causes.js';
import type { LetterGroup } from '../../dead-letters/letter-groups.js';
import { countLetters } from '../../dead-letters/scan.js';
import { LetterStatistics } from '../../dead-letters/statistics.js';
import { isoTime } from '../../output/output.js';
import type { CommandResult } from '../result.js';
import { drawStatistics, type Counted } from './draw-statistics.js';
import { markedIn, startReading, type FilterOptions, type MarkOptions } from './letters.js';
import { noteUnknownMarks } from './replay-memory.js';
import type { TimeUnit } from './time-units.js';

interface Options extends FilterOptions, MarkOptions {
  readonly by: TimeUnit;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const reading = await startReading(services, options);
  const total = countLetters(reading.bounds);
  const counted = { total, statistics: new LetterStatistics(), causes: new LetterCauses() };
  const letters = markedIn(services, reading, { ...options, newestFirst: false });
  for await (const { letter, mark } of letters) {
    counted.statistics.add(letter);
    counted.causes.add(letter, mark);
  }
  const { openTransactions } = reading;
  services.output.result({ ...document(counted, options), openTransactions }, () =>
    drawStatistics(services.output, counted, options.by, services.clock.now()),
  );
  if (total === 0) services.output.note('No dead letters.');
  else noteUnknownMarks(services, reading.marks);
  return undefined;
}

/** docs/dead-letters.md, "stats". */
function document({ total, statistics, causes }: Counted, { by }: Options) {
  const { replays } = causes;
  return {
    topic: DLQ_TOPIC,
    total,
    matched: statistics.matched,
    replayed: replays?.replayed ?? null,
    waiting: replays?.waiting ?? null,
    ungrouped: Math.max(statistics.ungrouped, causes.ungrouped),
    firstSeen: isoTime(statistics.firstSeenMs),
    lastSeen: isoTime(statistics.lastSeenMs),
    reasons: statistics.reasons().map((group) => ({ reasonCode: group.key, ...seen(group) })),
    failures: causes.failures().map(({ reasonCode, failure, waiting, example, ...group }) => ({
      ...{ reasonCode, failure, ...seen(group) },
      waiting: replays === null ? null : waiting,
      example,
    })),
    coupons: statistics.coupons().map((group) => ({ couponId: group.key, ...seen(group) })),
    producers: causes.producers().map(({ producer, ...group }) => ({
      producer: producer?.name ?? null,
      knownBy: producer?.knownBy ?? null,
      ...seen(group),
    })),
    hours: statistics.hours().map((group) => ({ hour: isoTime(group.key), count: group.count })),
    ...(by === 'minute' && {
      minutes: causes.minutes().map(({ key, count }) => ({ minute: isoTime(key), count })),
    }),
  };
}

function seen({ count, firstSeenMs, lastSeenMs }: Omit<LetterGroup<unknown>, 'key'>) {
  return { count, firstSeen: isoTime(firstSeenMs), lastSeen: isoTime(lastSeenMs) };
}
