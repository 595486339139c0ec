import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import { countLetters } from '../../dead-letters/scan.js';
import { LetterStatistics, type LetterGroup } from '../../dead-letters/statistics.js';
import { withBars } from '../../output/bar.js';
import { isoTime } from '../../output/output.js';
import { printable } from '../../output/printable.js';
import { pairs, table } from '../../output/table.js';
import { clip } from '../../output/width.js';
import type { CommandResult } from '../result.js';
import { filterOf, openTransactionsIn, readLetters, type FilterOptions } from './letters.js';

export async function run(services: Services, options: FilterOptions): Promise<CommandResult> {
  const reader = await services.reader();
  const bounds = await reader.bounds(DLQ_TOPIC);
  const filter = filterOf(options, bounds);
  const statistics = new LetterStatistics();
  const query = { topic: DLQ_TOPIC, bounds, filter, newestFirst: false };
  for await (const { letter } of readLetters(services, reader, query)) statistics.add(letter);
  const total = countLetters(bounds);
  const openTransactions = openTransactionsIn(services, bounds);
  services.output.result({ ...document(total, statistics), openTransactions }, () =>
    draw(services, total, statistics),
  );
  if (total === 0) services.output.note('No dead letters.');
  return undefined;
}

/** docs/dead-letters.md, "stats". */
function document(total: number, statistics: LetterStatistics) {
  const seen = ({ count: letters, firstSeenMs, lastSeenMs }: LetterGroup<unknown>) => ({
    count: letters,
    firstSeen: isoTime(firstSeenMs),
    lastSeen: isoTime(lastSeenMs),
  });
  return {
    topic: DLQ_TOPIC,
    total,
    matched: statistics.matched,
    ungrouped: statistics.ungrouped,
    firstSeen: isoTime(statistics.firstSeenMs),
    lastSeen: isoTime(statistics.lastSeenMs),
    reasons: statistics.reasons().map((group) => ({ reasonCode: group.key, ...seen(group) })),
    coupons: statistics.coupons().map((group) => ({ couponId: group.key, ...seen(group) })),
    hours: statistics.hours().map((group) => ({ hour: isoTime(group.key), count: group.count })),
  };
}

const GROUPS_SHOWN = 10;
const HOURS_SHOWN = 24;

function draw(services: Services, total: number, statistics: LetterStatistics): string {
  if (statistics.matched === 0) return '';
  const of = statistics.matched === total ? '' : ` of ${count(total)}`;
  const head = pairs([
    ['dead letters', `${count(statistics.matched)}${of}`],
    ['first seen', isoTime(statistics.firstSeenMs)],
    ['last seen', isoTime(statistics.lastSeenMs)],
  ]);
  const hours = statistics.hours().slice(-HOURS_SHOWN);
  return [
    head,
    drawGroups(services, 'REASON', statistics.reasons().slice(0, GROUPS_SHOWN).map(named)),
    drawGroups(services, 'COUPON', statistics.coupons().slice(0, GROUPS_SHOWN).map(named)),
    drawGroups(
      services,
      'HOUR (UTC)',
      hours.map((group) => ({ name: hourOf(group.key), letters: group.count })),
    ),
  ].join('\n\n');
}

interface Row {
  readonly name: string;
  readonly letters: number;
}

const LONGEST_NAME = 32;

function named({ key, count: letters }: LetterGroup<string | number | null>): Row {
  return { name: key === null ? '-' : clip(printable(String(key)), LONGEST_NAME), letters };
}

/** A bar each where people read it. */
function drawGroups({ output }: Services, title: string, rows: readonly Row[]): string {
  const most = Math.max(...rows.map(({ letters }) => letters));
  const counts = table(
    [{ title }, { title: 'LETTERS', align: 'right' }],
    rows.map(({ name, letters }) => [name, count(letters)]),
  );
  return withBars(
    counts,
    rows.map(({ letters }) => letters / most),
    output,
  );
}

function hourOf(ms: number | null): string {
  return isoTime(ms)?.slice(0, 13).replace('T', ' ').concat(':00') ?? '-';
}
