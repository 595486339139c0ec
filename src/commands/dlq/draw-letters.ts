/** Dead letters for people. What they hold came from anywhere, and may not steer a terminal. */
import { parseRequest } from '../../coupon/request.js';
import type { Position } from '../../pipeline/ports.js';
import type { DeadLetter } from '../../pipeline/read-dead-letter.js';
import { isoTime, type Output } from '../../output/output.js';
import { pairs, table } from '../../output/table.js';

const LONGEST_REASON = 24;
const LEAST_ABOUT = 10;
/** Between the five columns. */
const GAPS = 8;

export function drawLetters({ columns, paint }: Output, letters: readonly DeadLetter[]): string {
  const rows = letters.map((letter) => [
    spell(letter),
    shortTime(letter.timestampMs),
    oneLine(letter.reasonCode ?? '-', LONGEST_REASON),
    spellOrigin(letter.origin),
  ]);
  const titles = ['LETTER', 'TIME (UTC)', 'REASON', 'ORIGIN'];
  const taken = titles.reduce(
    (sum, title, column) =>
      sum + Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
    GAPS,
  );
  const room = Math.max(LEAST_ABOUT, columns - taken);
  return table(
    [
      { title: 'LETTER', align: 'right' },
      { title: 'TIME (UTC)' },
      { title: 'REASON' },
      { title: 'ORIGIN', align: 'right' },
      { title: 'ABOUT' },
    ],
    letters.map((letter, index) => {
      const [position = '', time = '', reason = '', origin = ''] = rows[index] ?? [];
      return [position, time, paint.yellow(reason), origin, summary(letter, room)];
    }),
  );
}

/** One letter on one line, as a stream shows it. */
export function drawLine({ columns, paint }: Output, letter: DeadLetter): string {
  const position = spell(letter);
  const time = shortTime(letter.timestampMs);
  const reason = oneLine(letter.reasonCode ?? '-', LONGEST_REASON);
  const taken = position.length + time.length + reason.length + 6;
  const room = Math.max(LEAST_ABOUT, columns - taken);
  return `${position}  ${time}  ${paint.yellow(reason)}  ${summary(letter, room)}`;
}

/** One letter whole. */
export function drawWhole({ paint }: Output, letter: DeadLetter): string {
  const { origin, originalEvent, stackTrace, headers } = letter;
  const facts = pairs([
    ['letter', spell(letter)],
    ['time', isoTime(letter.timestampMs)],
    ['key', letter.key === null ? null : printable(letter.key)],
    ['reason', letter.reasonCode === null ? null : paint.yellow(printable(letter.reasonCode))],
    ['failure', letter.failureReason === null ? null : printable(letter.failureReason)],
    ['retries', letter.retryCount],
    ['last attempt', letter.lastAttemptAt === null ? null : printable(letter.lastAttemptAt)],
    ['origin', origin === null ? null : `${printable(origin.topic)} ${spellOrigin(origin)}`],
    ['replays', letter.replayCount],
  ]);
  const headerRows = Object.entries(headers).map(([name, value]) => [
    printable(name),
    printable(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  const original =
    typeof originalEvent === 'string' ? originalEvent : JSON.stringify(originalEvent, null, 2);
  const sections: readonly (readonly [string, string])[] = [
    ['headers', headerRows.map(([name = '', value = '']) => `${name}: ${value}`).join('\n')],
    ['original', original],
    ['stack trace', stackTrace ?? ''],
  ];
  const drawn = sections
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `\n${paint.bold(title)}\n${indented(text)}`);
  return [facts, ...drawn].join('\n');
}

/** `<partition>:<offset>`, as `dlq show` takes it. */
function spell({ partition, offset }: Pick<DeadLetter, 'partition' | 'offset'>): string {
  return `${String(partition)}:${offset.toString()}`;
}

function spellOrigin(origin: Position | null): string {
  return origin === null ? '-' : spell(origin);
}

function shortTime(timestampMs: number): string {
  return isoTime(timestampMs)?.slice(5, 19).replace('T', ' ') ?? '-';
}

/** Who asked for what, else what is wrong with it, else the beginning of what is there. */
function summary({ originalEvent, failureReason }: DeadLetter, room: number): string {
  const text = typeof originalEvent === 'string' ? originalEvent : JSON.stringify(originalEvent);
  const parsed = parseRequest(Buffer.from(text, 'utf8'));
  if (!parsed.ok) return oneLine(failureReason ?? text, room);
  const { couponId, userId } = parsed.request;
  return oneLine(`coupon ${couponId} user ${userId}`, room);
}

function oneLine(text: string, room: number): string {
  const shown = printable(text);
  return shown.length > room ? `${shown.slice(0, room - 1)}…` : shown;
}

function indented(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `  ${printable(line.replaceAll('\t', '    '))}`)
    .join('\n');
}

/** Without what could steer a terminal or reorder its text. */
function printable(text: string): string {
  return text.replace(/[\p{Control}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '�');
}
