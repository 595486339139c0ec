import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Services } from '../services.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError, InterruptedError, UsageError, messageOf } from '../../errors.js';
import { count, duration } from '../../text/figures.js';
import { brokerError } from '../../kafka/client/errors.js';
import { maxMessageBytes } from '../../kafka/admin/topics.js';
import { liveLine } from '../../output/spinner.js';
import { table } from '../../output/table.js';
import type { FileFormat } from '../../produce/file-format.js';
import type { OutgoingRecord } from '../../ports/record-sink.js';
import { produce, type ProduceResult } from '../../produce/produce.js';
import { readRequests } from '../../produce/request-file.js';
import { generateRequests } from '../../produce/request-generator.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly coupon?: number;
  readonly count: number;
  readonly firstUser: number;
  readonly duplicates: number;
  readonly poison: number;
  readonly seed?: number;
  readonly file?: string;
  readonly format?: FileFormat;
  readonly skipBad?: boolean;
  readonly rate?: number;
}

/** What is sent, and how many that will be where it is known. */
interface Source {
  readonly records: AsyncIterable<OutgoingRecord> | Iterable<OutgoingRecord>;
  readonly expected: number | null;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const source = await sourceOf(services, options);
  const cluster = await services.cluster();
  const sink = await services.producer(REQUEST_TOPIC);
  await sink.open();
  const maxBatchBytes = await maxMessageBytes(cluster, REQUEST_TOPIC);
  const signal = services.gracefulStop();
  const line = await liveLine(services.output, `sending to ${REQUEST_TOPIC}`);
  const progress: { latest: ProduceResult | null } = { latest: null };
  const result = await produce(
    sink,
    source.records,
    { ratePerSecond: options.rate ?? null, maxBatchBytes },
    services.clock,
    signal,
    (latest) => {
      progress.latest = latest;
      const of = source.expected === null ? '' : ` of ${count(source.expected)}`;
      line.update(`${count(latest.acknowledged)}${of} acknowledged  ${count(latest.perSecond)}/s`);
    },
  )
    .catch((error: unknown) => {
      // The source broke off: a bad line on stdin. What was sent before it is sent.
      if (error instanceof CliError && progress.latest !== null) {
        error.details = document(progress.latest);
      }
      throw error;
    })
    .finally(() => {
      line.stop();
    });
  finish(services, withExpected(result, source.expected), signal.aborted);
  return undefined;
}

async function sourceOf(services: Services, options: Options): Promise<Source> {
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

/** A file is read twice: nothing of it is sent unless the whole of it is good. */
async function fileSource(services: Services, file: string, options: Options): Promise<Source> {
  const format = options.format ?? (file.endsWith('.csv') ? 'csv' : 'jsonl');
  const skipBad = options.skipBad ?? false;
  if (file === '-') {
    return { records: goodLines(services, process.stdin, format, skipBad, '-'), expected: null };
  }
  await assertReadable(file).catch((error: unknown) => {
    throw new UsageError(`Cannot read --file ${file}: ${messageOf(error)}`, 'Give a file, or - .');
  });
  const expected = await checkFile(services, file, format, skipBad);
  const records = goodLines(services, createReadStream(file), format, true, null);
  return { records, expected };
}

async function assertReadable(file: string): Promise<void> {
  await access(file, constants.R_OK);
  if ((await stat(file)).isDirectory()) throw new Error('it is a directory');
}

const BAD_LINES_SHOWN = 5;

/** Names bad lines and counts the good ones. Throws CliError BAD_LINES unless they are skipped. */
async function checkFile(
  services: Services,
  file: string,
  format: FileFormat,
  skipBad: boolean,
): Promise<number> {
  const bad: string[] = [];
  let good = 0;
  let badLines = 0;
  for await (const line of readRequests(createReadStream(file), format, services.clock.now)) {
    if (line.ok) good += 1;
    else {
      badLines += 1;
      if (bad.length < BAD_LINES_SHOWN) bad.push(`line ${String(line.line)}: ${line.reason}`);
    }
  }
  if (badLines === 0) return good;
  if (badLines > bad.length) bad.push(`and ${count(badLines - bad.length)} more`);
  const lines = bad.map((line) => `\n  ${line}`).join('');
  if (!skipBad) {
    throw new CliError(
      'BAD_LINES',
      `${count(badLines)} of ${count(good + badLines)} lines of ${file} are no requests, so nothing was sent:${lines}`,
      'Mend them, or send only the good lines with --skip-bad.',
    );
  }
  services.output.warn(`skipping ${count(badLines)} bad lines:${lines}`);
  return good;
}

/** As they come. A bad line is passed over, or ends the stream with an error that names it. */
async function* goodLines(
  services: Services,
  input: Readable,
  format: FileFormat,
  skipBad: boolean,
  name: string | null,
): AsyncGenerator<OutgoingRecord> {
  for await (const line of readRequests(input, format, services.clock.now)) {
    if (line.ok) yield line.record;
    else if (!skipBad) {
      throw new CliError(
        'BAD_LINES',
        `Line ${String(line.line)} of stdin is no request: ${line.reason}. The lines before it were sent.`,
        'Mend it and send the rest, or pass over bad lines with --skip-bad.',
      );
    } else if (name !== null) {
      services.output.warn(`skipping line ${String(line.line)}: ${line.reason}`);
    }
  }
}

/** What was never sent has failed as well. */
function withExpected(result: ProduceResult, expected: number | null): ProduceResult {
  const requested = Math.max(result.requested, expected ?? 0);
  return { ...result, requested, failed: requested - result.acknowledged };
}

function finish(services: Services, result: ProduceResult, interrupted: boolean): void {
  const { acknowledged, requested, failed, error } = result;
  const soFar = `${count(acknowledged)} of ${count(requested)} acknowledged, ${count(failed)} not`;
  if (error !== null) {
    const attempt = { doing: `sending to ${REQUEST_TOPIC}`, brokers: services.options.brokers };
    const failure = brokerError(error, attempt);
    failure.message = `${failure.message} (${soFar})`;
    failure.details = document(result);
    throw failure;
  }
  if (interrupted) {
    const interruption = new InterruptedError(`Interrupted: ${soFar}.`);
    interruption.details = document(result);
    throw interruption;
  }
  services.output.result(document(result), () => draw(result));
}

/** docs/contract.md, "produce". */
function document(result: ProduceResult) {
  const { requested, acknowledged, failed, elapsedMs, perSecond, partitions } = result;
  return { requested, acknowledged, failed, elapsedMs, perSecond, partitions };
}

function draw(result: ProduceResult): string {
  const rows = table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'ACKNOWLEDGED', align: 'right' },
    ],
    result.partitions.map(({ partition, acknowledged }) => [partition, count(acknowledged)]),
  );
  const rate = `${count(result.acknowledged)} of ${count(result.requested)} requests acknowledged in ${duration(result.elapsedMs)} (${count(result.perSecond)}/s)`;
  return `${rows}\n\n${rate}`;
}
