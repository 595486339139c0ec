/** What `dlq stats` draws. */
import type { LetterCauses } from '../../dead-letters/causes.js';
import type { LetterGroup } from '../../dead-letters/letter-groups.js';
import type { LetterStatistics } from '../../dead-letters/statistics.js';
import { withBars } from '../../output/bar.js';
import { type Output } from '../../output/output.js';
import { utcTimeToSecond } from '../../text/times.js';
import { onOneLine, visible } from '../../output/printable.js';
import { pairs, table } from '../../output/table.js';
import { clip } from '../../output/width.js';
import { count } from '../../text/figures.js';
import { timesAt, utcMinute } from '../../text/times.js';
import type { TimeUnit } from './time-units.js';

/** The letters that match, counted. */
export interface Counted {
  /** Of all letters, whether they match or not. */
  readonly total: number;
  readonly statistics: LetterStatistics;
  readonly causes: LetterCauses;
}

/** JSON has them all. */
const GROUPS_SHOWN = 10;
const HOURS_SHOWN = 24;
const MINUTES_SHOWN = 60;
const LONGEST_NAME = 32;
const LONGEST_PRODUCER = 48;

export function drawStatistics(
  output: Output,
  counted: Counted,
  by: TimeUnit,
  nowMs: number,
): string {
  const { statistics, causes } = counted;
  if (statistics.matched === 0) return '';
  const readAtMs = output.readAt(nowMs);
  const times =
    by === 'hour'
      ? latest('HOUR (UTC)', statistics.hours(), HOURS_SHOWN, readAtMs)
      : latest('MINUTE (UTC)', causes.minutes(), MINUTES_SHOWN, readAtMs);
  return [
    drawHead(counted),
    drawGroups(output, mostFrequent('REASON', statistics.reasons())),
    drawFailures(output, counted),
    drawGroups(output, mostFrequent('COUPON', statistics.coupons())),
    ...drawProducers(counted),
    drawGroups(output, times),
  ].join('\n\n');
}

function drawHead({ total, statistics, causes }: Counted): string {
  const { matched, firstSeenMs, lastSeenMs } = statistics;
  const { replays } = causes;
  return pairs([
    ['dead letters', `${count(matched)}${matched === total ? '' : ` of ${count(total)}`}`],
    ['replayed', replays === null ? null : count(replays.replayed)],
    ['waiting', replays === null ? null : count(replays.waiting)],
    ['first seen', firstSeenMs === null ? null : utcTimeToSecond(firstSeenMs)],
    ['last seen', lastSeenMs === null ? null : utcTimeToSecond(lastSeenMs)],
  ]);
}

/** The messages fold, so that a cause can be read whole. */
function drawFailures({ columns }: Output, { causes }: Counted): string {
  const failures = causes.failures();
  const drawn = table(
    [
      { title: 'FAILURE', tight: 'fold' },
      { title: 'REASON' },
      { title: 'LETTERS', align: 'right' },
      { title: 'WAITING', align: 'right' },
      { title: 'EXAMPLE', align: 'right' },
    ],
    failures
      .slice(0, GROUPS_SHOWN)
      .map(({ failure, reasonCode, example, ...group }) => [
        failure === null ? null : visible(onOneLine(failure)),
        reasonCode === null ? null : clip(visible(reasonCode), LONGEST_NAME),
        count(group.count),
        causes.replays === null ? null : count(group.waiting),
        `${String(example.partition)}:${example.offset.toString()}`,
      ]),
    columns,
  );
  return drawn + whatIsMissing(failures.length, GROUPS_SHOWN);
}

/** Nothing where no letter names its producer: most records don't. */
function drawProducers({ causes }: Counted): readonly string[] {
  const producers = causes.producers();
  if (producers.every(({ producer }) => producer === null)) return [];
  const drawn = table(
    [{ title: 'PRODUCER' }, { title: 'KNOWN BY' }, { title: 'LETTERS', align: 'right' }],
    producers
      .slice(0, GROUPS_SHOWN)
      .map(({ producer, ...group }) => [
        producer === null ? 'unknown' : clip(visible(producer.name), LONGEST_PRODUCER),
        producer === null ? null : clip(visible(producer.knownBy), LONGEST_NAME),
        count(group.count),
      ]),
  );
  return [drawn + whatIsMissing(producers.length, GROUPS_SHOWN)];
}

/** Groups to draw, and how many there are with those that are left out. */
interface Groups {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly letters: number }[];
  readonly all: number;
}

function mostFrequent(title: string, groups: readonly LetterGroup<string | number | null>[]) {
  const rows = groups.slice(0, GROUPS_SHOWN).map(({ key, count: letters }) => ({
    name: key === null ? '-' : clip(visible(String(key)), LONGEST_NAME),
    letters,
  }));
  return { title, rows, all: groups.length };
}

/** The latest hours or minutes. */
function latest(
  title: string,
  groups: readonly LetterGroup<number | null>[],
  shown: number,
  readAtMs: number | null,
): Groups {
  const last = groups.slice(-shown);
  const times = last.flatMap(({ key }) => key ?? []);
  const timeOf = timesAt(readAtMs, times, utcMinute);
  const rows = last.map(({ key, count: letters }) => ({
    name: key === null ? '-' : timeOf(key),
    letters,
  }));
  return { title, rows, all: groups.length };
}

/** A bar each where people read it. */
function drawGroups(output: Output, { title, rows, all }: Groups): string {
  const most = Math.max(...rows.map(({ letters }) => letters));
  const counts = table(
    [{ title }, { title: 'LETTERS', align: 'right' }],
    rows.map(({ name, letters }) => [name, count(letters)]),
  );
  const shares = rows.map(({ letters }) => letters / most);
  return withBars(counts, shares, output) + whatIsMissing(all, rows.length);
}

function whatIsMissing(all: number, shown: number): string {
  return all > shown ? `\n${count(shown)} of ${count(all)}; -o json has all.` : '';
}
