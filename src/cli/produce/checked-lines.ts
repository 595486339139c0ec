/** A file of requests is read twice: all of it is checked first, and only then is it sent. */
import { CliError } from '../../errors.js';
import type { OutgoingRecord } from '../../ports/record-sink.js';
import type { FileLine } from '../../produce/request-file.js';
import { count } from '../../text/figures.js';

export interface CheckedLines {
  readonly good: number;
  readonly bad: number;
  /** The first few bad lines: "line 3: why". */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/** Counts the lines, and keeps the first bad ones. */
export async function checkLines(lines: AsyncIterable<FileLine>): Promise<CheckedLines> {
  const examples: string[] = [];
  let good = 0;
  let bad = 0;
  for await (const line of lines) {
    if (line.ok) good += 1;
    else {
      bad += 1;
      if (examples.length < EXAMPLES) examples.push(`line ${String(line.line)}: ${line.reason}`);
    }
  }
  return { good, bad, examples };
}

/**
 * The records of the lines that were checked. Lines that were appended since then are left out.
 * Throws CliError FILE_CHANGED as soon as the lines are not those that were checked.
 */
export async function* checkedRecords(
  lines: AsyncIterable<FileLine>,
  checked: CheckedLines,
  name: string,
): AsyncGenerator<OutgoingRecord> {
  const total = checked.good + checked.bad;
  if (total === 0) return;
  let good = 0;
  let bad = 0;
  for await (const line of lines) {
    if (line.ok) good += 1;
    else bad += 1;
    if (good > checked.good || bad > checked.bad) break;
    if (line.ok) yield line.record;
    if (good + bad === total) return;
  }
  throw fileChanged(name, checked, good);
}

function fileChanged(name: string, checked: CheckedLines, found: number): CliError {
  return new CliError(
    'FILE_CHANGED',
    `${name} changed while it was sent: it had ${count(checked.good)} valid requests when it was checked; ${count(found)} were read the second time.`,
    'The requests that were acknowledged stay in the topic. Send the rest from a file that does not change.',
  );
}
