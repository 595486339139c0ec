import type { Context } from '../../context.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { readDeadLetter, type DeadLetter } from '../../monitor/dead-letter.js';
import { readLetters } from '../../monitor/read-letters.js';
import { isoTime } from '../../output/output.js';
import { count, table } from '../../output/table.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly maxMessages: number;
  readonly newest?: boolean;
}

export async function run(context: Context, options: Options): Promise<CommandResult> {
  const reader = await context.reader();
  const { total, records } = await readLetters(reader, {
    topic: DLQ_TOPIC,
    maxMessages: options.maxMessages,
    newestFirst: options.newest ?? false,
  });
  const letters = records.map(readDeadLetter);
  const document = { topic: DLQ_TOPIC, total, messages: letters.map(letterJson) };
  context.output.result(document, () => (letters.length === 0 ? '' : draw(context, letters)));
  if (total === 0) context.output.note('No dead letters.');
  else if (letters.length < total) {
    context.output.note(`${count(letters.length)} of ${count(total)}; more with --max-messages.`);
  }
  return undefined;
}

/** docs/contract.md, "dlq peek". */
function letterJson({ timestampMs, ...letter }: DeadLetter) {
  const { partition, offset, key, ...rest } = letter;
  return { partition, offset, timestamp: isoTime(timestampMs), key, ...rest };
}

const POSITION_COLUMNS = 70;

function draw(context: Context, letters: readonly DeadLetter[]): string {
  const room = Math.max(20, context.output.columns - POSITION_COLUMNS);
  return table(
    [
      { title: 'LETTER', align: 'right' },
      { title: 'TIME' },
      { title: 'REASON' },
      { title: 'RETRIES', align: 'right' },
      { title: 'ORIGIN', align: 'right' },
      { title: 'ORIGINAL' },
    ],
    letters.map((letter) => [
      `${String(letter.partition)}:${letter.offset.toString()}`,
      isoTime(letter.timestampMs)?.slice(0, 19).replace('T', ' ') ?? null,
      letter.reasonCode === null ? null : context.output.paint.yellow(letter.reasonCode),
      letter.retryCount,
      letter.origin === null
        ? null
        : `${String(letter.origin.partition)}:${letter.origin.offset.toString()}`,
      oneLine(letter.originalEvent, room),
    ]),
  );
}

/** What was asked, as far as it fits; control characters of a poisoned value must not reach a terminal. */
function oneLine(original: unknown, room: number): string {
  const text = typeof original === 'string' ? original : JSON.stringify(original);
  // eslint-disable-next-line no-control-regex -- they are what must not reach a terminal
  const printable = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�');
  return printable.length > room ? `${printable.slice(0, room - 1)}…` : printable;
}
