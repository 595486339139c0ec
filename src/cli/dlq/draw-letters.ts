/** Dead letters for people. What they hold came from anywhere, and may not steer a terminal. */
import type { Instant } from '../../coupon/instant.js';
import { prettyJson } from '../../coupon/lossless-json.js';
import type { Position } from '../../ports/log.js';
import { instantOf, userIdIn } from '../../dead-letters/original-value.js';
import { couponIdOf } from '../../dead-letters/filter.js';
import type { DeadLetter } from '../../dead-letters/read.js';
import type { MarkedLetter, ReplayMark } from '../../dead-letters/replay-marks.js';
import { type Output } from '../../output/output.js';
import { utcTime } from '../../text/times.js';
import { onOneLine, visible } from '../../output/printable.js';
import { pairs, table } from '../../output/table.js';
import { clip, displayWidth, fold } from '../../output/width.js';
import { timesAt, utcSecond } from '../../text/times.js';

const LONGEST_REASON = 20;
/** Where no terminal sets a limit: a failure or an original may be a megabyte long. */
const LONGEST_FAILURE = 160;
/** With less room, who asked is left out for it. */
const LEAST_FAILURE = 24;
const LONGEST_KEY = 16;

/** What is drawn: a dead letter, and whether it was replayed. */
type Drawn = Pick<MarkedLetter, 'letter' | 'mark'>;

export function drawLetters(output: Output, letters: readonly Drawn[], nowMs: number): string {
  const { columns, paint } = output;
  const times = letters.flatMap(({ letter }) => letter.timestampMs ?? []);
  const timeOf = timesAt(output.readAt(nowMs), times);
  return table(
    [
      { title: 'LETTER', align: 'right' },
      { title: 'TIME (UTC)' },
      { title: 'REASON' },
      { title: 'REPLAYED' },
      { title: 'COUPON/USER', mayGo: true },
      { title: 'FAILURE', tight: 'clip', least: LEAST_FAILURE },
    ],
    letters.map(({ letter, mark }) => [
      spell(letter),
      letter.timestampMs === null ? null : timeOf(letter.timestampMs),
      paint.yellow(oneLine(letter.reasonCode ?? '-', LONGEST_REASON)),
      spellMark(mark),
      aboutWhom(letter),
      failureOf(letter, LONGEST_FAILURE),
    ]),
    columns,
    '`coupons dlq show`',
  );
}

/** What is to come in a stream is not known, so that its columns are as wide as what is usual. */
const POSITION_COLUMNS = 8;
const TIME_COLUMNS = 19;
const REASON_COLUMNS = 18;
const MARK_COLUMNS = 8;
const WHOM_COLUMNS = 11;

/** The titles of `drawLine`. */
export function drawLineHead({ columns }: Output): string {
  const titles = ['LETTER', 'TIME (UTC)', 'REASON', 'REPLAYED', 'COUPON/USER'] as const;
  return inStream(titles, columns, () => 'FAILURE');
}

/** One dead letter on one line, as a stream shows it. */
export function drawLine({ columns, paint }: Output, { letter, mark }: Drawn): string {
  const cells = [
    spell(letter),
    letter.timestampMs === null ? '-' : utcSecond(letter.timestampMs),
    paint.yellow(oneLine(letter.reasonCode ?? '-', REASON_COLUMNS)),
    spellMark(mark) ?? '-',
    aboutWhom(letter) ?? '-',
  ] as const;
  return inStream(cells, columns, (room) => failureOf(letter, Math.min(room, LONGEST_FAILURE)));
}

/** Who asked is left out where the failure would have no room beside it. */
function inStream(
  [position, time, reason, mark, whom]: readonly [string, string, string, string, string],
  columns: number,
  failure: (room: number) => string,
): string {
  const fixed = [
    position.padStart(POSITION_COLUMNS),
    padded(time, TIME_COLUMNS),
    padded(reason, REASON_COLUMNS),
    padded(mark, MARK_COLUMNS),
  ].join(GAP);
  const withWhom = `${fixed}${GAP}${padded(whom, WHOM_COLUMNS)}${GAP}`;
  const isNarrow = columns - displayWidth(withWhom) < LEAST_FAILURE;
  const before = isNarrow ? `${fixed}${GAP}` : withWhom;
  return before + failure(Math.max(columns - displayWidth(before), LEAST_ROOM));
}

const GAP = '  ';
const LEAST_ROOM = 10;

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** All of one dead letter. */
export function drawWhole({ paint, columns }: Output, { letter, mark }: Drawn): string {
  const { origin, originalEvent, stackTrace, headers } = letter;
  const facts = pairs(
    [
      ['letter', spell(letter)],
      ['time', letter.timestampMs === null ? null : utcTime(letter.timestampMs)],
      ['key', letter.key === null ? null : visible(written(letter.key))],
      ['reason', letter.reasonCode === null ? null : paint.yellow(visible(letter.reasonCode))],
      ['failure', letter.failureReason === null ? null : visible(onOneLine(letter.failureReason))],
      ['retries', letter.retryCount],
      ['last attempt', spellTime(letter.lastAttemptAt)],
      ['origin', origin === null ? null : `${visible(origin.topic)} ${spellOrigin(origin)}`],
      ['replays', letter.replayCount],
      ['replayed', mark.kind === 'replayed' ? utcTime(mark.atMs) : spellMark(mark)],
      ...aboutOriginal(letter),
    ],
    columns,
  );
  const headerRows = Object.entries(headers).map(([name, value]) => [
    visible(name),
    visible(written(value)),
  ]);
  const sections: readonly (readonly [string, string])[] = [
    ['headers', headerRows.map(([name = '', value = '']) => `${name}: ${value}`).join('\n')],
    ['original', prettyJson(originalEvent)],
    ['stack trace', stackTrace ?? ''],
  ];
  const drawn = sections
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `\n${paint.bold(title)}\n${indented(text, columns)}`);
  return [facts, ...drawn].join('\n');
}

/** What else can be read in the original, as far as it can. */
function aboutOriginal(letter: DeadLetter): readonly (readonly [string, string])[] {
  const { schemaId } = letter;
  const times = (['occurredAt', 'timestamp'] as const).map(
    (field) => [field, instantOf(letter, field)] as const,
  );
  return [
    ...(schemaId === null
      ? []
      : ([['framing', `Confluent JSON Schema, schema id ${schemaId}`]] as const)),
    ...times.flatMap(([field, instant]) =>
      instant === null ? [] : ([[field, spellInstant(instant)]] as const),
    ),
  ];
}

function spellTime(time: Instant | string | null): string | null {
  return time === null || typeof time === 'string' ? time && visible(time) : spellInstant(time);
}

function spellInstant({ iso, hasZone }: Instant): string {
  const time = iso.replace('T', ' ').replace(/(\.000)?Z$/, '');
  return hasZone ? `${time} UTC` : `${time} (no zone given, read as UTC)`;
}

/** Text as it is, all else as JSON. */
function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `<partition>:<offset>`, as `dlq show` takes it. */
function spell({ partition, offset }: Pick<DeadLetter, 'partition' | 'offset'>): string {
  return `${String(partition)}:${offset.toString()}`;
}

function spellOrigin(origin: Position | null): string {
  return origin === null ? '-' : spell(origin);
}

function spellMark({ kind }: ReplayMark): string | null {
  if (kind === 'unknown') return null;
  return kind === 'replayed' ? 'yes' : 'no';
}

/** The coupon and the user that it names, valid request or not; else its key. */
function aboutWhom(letter: DeadLetter): string | null {
  const [couponId, userId] = [couponIdOf(letter), userIdIn(letter)];
  if (couponId !== null || userId !== null) return `${spelled(couponId)}/${spelled(userId)}`;
  return letter.key === null ? null : `key ${oneLine(written(letter.key), LONGEST_KEY)}`;
}

function spelled(id: number | null): string {
  return id === null ? '-' : String(id);
}

/** What went wrong; where a letter does not say, the beginning of what died. */
function failureOf({ failureReason, originalEvent }: DeadLetter, room: number): string {
  return oneLine(failureReason ?? `value: ${written(originalEvent)}`, room);
}

function oneLine(text: string, room: number): string {
  return clip(visible(onOneLine(text)), room);
}

function indented(text: string, columns: number): string {
  return text
    .split(/\r?\n/)
    .flatMap((line) => fold(visible(line.replaceAll('\t', '    ')), columns - 2))
    .map((line) => `  ${line}`)
    .join('\n');
}
