/** Dead letters for people. What they hold came from anywhere, and may not steer a terminal. */
import type { Instant } from '../../coupon/instant.js';
import { prettyJson } from '../../coupon/lossless-json.js';
import type { Position } from '../../ports/log.js';
import { askedFor, instantOf } from '../../dead-letters/original-value.js';
import type { DeadLetter } from '../../dead-letters/read.js';
import { isoTime, type Output } from '../../output/output.js';
import { printable } from '../../output/printable.js';
import { pairs, table } from '../../output/table.js';
import { clip, displayWidth, fold } from '../../output/width.js';

const LONGEST_REASON = 24;
/** Where no terminal sets a limit: an original may be a megabyte long. */
const LONGEST_ABOUT = 160;
const LEAST_ABOUT = 10;

export function drawLetters({ columns, paint }: Output, letters: readonly DeadLetter[]): string {
  return table(
    [
      { title: 'LETTER', align: 'right' },
      { title: 'TIME (UTC)' },
      { title: 'REASON' },
      { title: 'ORIGIN', align: 'right' },
      { title: 'ABOUT', tight: 'clip' },
    ],
    letters.map((letter) => [
      spell(letter),
      shortTime(letter.timestampMs),
      paint.yellow(oneLine(letter.reasonCode ?? '-', LONGEST_REASON)),
      spellOrigin(letter.origin),
      summary(letter, LONGEST_ABOUT),
    ]),
    columns,
    '`coupons dlq show`',
  );
}

/** Least width of the position in a stream: the positions to come are not known. */
const POSITION_COLUMNS = 6;

/** One dead letter on one line, as a stream shows it. */
export function drawLine({ columns, paint }: Output, letter: DeadLetter): string {
  const position = spell(letter).padStart(POSITION_COLUMNS);
  const time = shortTime(letter.timestampMs);
  const reason = oneLine(letter.reasonCode ?? '-', LONGEST_REASON);
  const taken = position.length + time.length + displayWidth(reason) + 6;
  const room = Math.max(LEAST_ABOUT, Math.min(columns - taken, LONGEST_ABOUT));
  return `${position}  ${time}  ${paint.yellow(reason)}  ${summary(letter, room)}`;
}

/** All of one dead letter. */
export function drawWhole({ paint, columns }: Output, letter: DeadLetter): string {
  const { origin, originalEvent, stackTrace, headers } = letter;
  const facts = pairs(
    [
      ['letter', spell(letter)],
      ['time', isoTime(letter.timestampMs)],
      ['key', letter.key === null ? null : printable(written(letter.key))],
      ['reason', letter.reasonCode === null ? null : paint.yellow(printable(letter.reasonCode))],
      ['failure', letter.failureReason === null ? null : printable(letter.failureReason)],
      ['retries', letter.retryCount],
      ['last attempt', spellTime(letter.lastAttemptAt)],
      ['origin', origin === null ? null : `${printable(origin.topic)} ${spellOrigin(origin)}`],
      ['replays', letter.replayCount],
      ...aboutOriginal(letter),
    ],
    columns,
  );
  const headerRows = Object.entries(headers).map(([name, value]) => [
    printable(name),
    printable(written(value)),
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
  return time === null || typeof time === 'string' ? time && printable(time) : spellInstant(time);
}

function spellInstant({ iso, hasZone }: Instant): string {
  return hasZone ? iso : `${iso} (no zone given, read as UTC)`;
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

function shortTime(timestampMs: number | null): string {
  return isoTime(timestampMs)?.slice(5, 19).replace('T', ' ') ?? '-';
}

/** Who asked for what, else what is wrong with it, else the beginning of what is there. */
function summary(letter: DeadLetter, room: number): string {
  const { originalEvent, failureReason } = letter;
  const asked = askedFor(letter);
  if (asked === null) return oneLine(failureReason ?? written(originalEvent), room);
  return oneLine(`coupon ${asked.couponId} user ${asked.userId}`, room);
}

function oneLine(text: string, room: number): string {
  return clip(printable(text), room);
}

function indented(text: string, columns: number): string {
  return text
    .split(/\r?\n/)
    .flatMap((line) => fold(printable(line.replaceAll('\t', '    ')), columns - 2))
    .map((line) => `  ${line}`)
    .join('\n');
}
