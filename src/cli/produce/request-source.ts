/** Where `produce` takes its requests from: a generator, a file, or a stream. */
import type { Readable } from 'node:stream';
import { CliError, UsageError, errorOf, withFullStop } from '../../errors.js';
import { liveLine } from '../../output/spinner.js';
import type { OutgoingRecord } from '../../ports/record-sink.js';
import type { FileFormat } from '../../produce/file-format.js';
import { readRequests, type RequestFile } from '../../produce/request-file.js';
import { generateRequests } from '../../produce/request-generator.js';
import { count, counted } from '../../text/figures.js';
import { systemWords } from '../../system-words.js';
import { answered } from '../late-answer.js';
import type { Services } from '../services.js';
import { checkLines, checkedRecords, type CheckedLines } from './checked-lines.js';
import { openContent, type FileContent } from './file-content.js';

export interface SourceOptions {
  readonly coupon?: number;
  readonly count: number;
  readonly firstUser: number;
  readonly duplicates: number;
  readonly poison: number;
  readonly seed?: number;
  readonly file?: string;
  readonly format?: FileFormat;
  readonly skipBad?: boolean;
}

/** What is sent, and how many that will be where it is known. */
export interface Source {
  readonly records: AsyncIterable<OutgoingRecord> | Iterable<OutgoingRecord>;
  readonly expected: number | null;
}

/** Throws UsageError for options that do not fit, CliError BAD_LINES for a file that has some. */
export async function openSource(services: Services, options: SourceOptions): Promise<Source> {
  const { file, coupon } = options;
  if (file !== undefined && coupon !== undefined) {
    throw new UsageError('--coupon and --file exclude each other.', 'Give one of them.');
  }
  if (file !== undefined) return fileSource(services, file, options);
  if (coupon === undefined) {
    throw new UsageError(
      'Nothing to send was given.',
      'Give --coupon <id> to generate requests, or --file <path|->.',
    );
  }
  const generated = generateRequests(
    {
      couponId: coupon,
      count: options.count,
      firstUser: options.firstUser,
      duplicatesPercent: options.duplicates,
      poisonPercent: options.poison,
      seed: options.seed ?? Math.floor(Math.random() * 2 ** 32),
    },
    services.clock.now,
  );
  return { records: generated, expected: options.count };
}

/** Names of this process's own stdin: whatever it is, it is a stream. */
const STDIN = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/** Nothing of a file is sent unless all of it is good; stdin is checked as it comes. */
async function fileSource(
  services: Services,
  file: string,
  options: SourceOptions,
): Promise<Source> {
  const format = options.format ?? (file.endsWith('.csv') ? 'csv' : 'jsonl');
  const skipBad = options.skipBad ?? false;
  if (STDIN.includes(file)) {
    const stdin = { name: 'stdin', format, now: services.clock.now };
    return { records: streamed(services, process.stdin, stdin, skipBad), expected: null };
  }
  const content = await readable(services, file);
  const source = { name: file, format, now: services.clock.now };
  const lines = () => readRequests(content.read(), source);
  const checked = await checkLines(lines());
  if (checked.bad > 0) complain(services, file, checked, skipBad);
  if (checked.good + checked.bad === 0) services.output.warn(`${file} holds no requests.`);
  const records = checkedRecords(lines(), checked, file);
  return { records: closing(records, content), expected: checked.good };
}

const WAITING_EVERY_MS = 60_000;

/** Waits for the end of a pipe, and says so. */
async function readable(services: Services, file: string): Promise<FileContent> {
  const line = await liveLine(services.output, `reading ${file}`);
  try {
    return await answered(openContent(file), services.clock, WAITING_EVERY_MS, () => {
      if (!services.output.isLive) services.output.note(`Still reading ${file}: it has not ended.`);
    });
  } catch (error) {
    throw new UsageError(
      withFullStop(`Cannot read --file ${file}: ${systemWords(errorOf(error))}`),
      'Give a file, or - .',
    );
  } finally {
    line.stop();
  }
}

/** Throws CliError BAD_LINES unless they are skipped. */
function complain(services: Services, file: string, checked: CheckedLines, skip: boolean): void {
  const { good, bad, examples } = checked;
  const more = bad > examples.length ? [`and ${count(bad - examples.length)} more`] : [];
  const lines = [...examples, ...more].map((line) => `\n  ${line}`).join('');
  if (!skip) {
    throw new CliError(
      'BAD_LINES',
      `${count(bad)} of ${counted(good + bad, 'line')} in ${file} ${bad === 1 ? 'is not a valid request' : 'are not valid requests'}; nothing was sent:${lines}`,
      'Fix these lines, or send only the valid ones with --skip-bad.',
    );
  }
  services.output.warn(`skipping ${counted(bad, 'bad line')}:${lines}`);
}

async function* closing(
  records: AsyncIterable<OutgoingRecord>,
  content: FileContent,
): AsyncGenerator<OutgoingRecord> {
  try {
    yield* records;
  } finally {
    await content.close();
  }
}

/** As they come. A bad line is skipped, or ends the stream with an error that names it. */
async function* streamed(
  services: Services,
  input: Readable,
  source: RequestFile,
  skipBad: boolean,
): AsyncGenerator<OutgoingRecord> {
  for await (const line of readRequests(input, source)) {
    if (line.ok) yield line.record;
    else if (skipBad) services.output.warn(`skipping line ${String(line.line)}: ${line.reason}`);
    else {
      throw new CliError(
        'BAD_LINES',
        `Line ${String(line.line)} of stdin is not a valid request: ${line.reason}. The lines before it were sent.`,
        'Fix it and send the rest, or skip bad lines with --skip-bad.',
      );
    }
  }
}
