import type { Services } from '../services.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { count, duration } from '../../text/figures.js';
import { Audit, type AuditInput, type AuditReport } from '../../audit/audit.js';
import { liveLine, type LiveLine } from '../../output/spinner.js';
import { pairs, table } from '../../output/table.js';
import type { LogReader, PartitionBounds } from '../../ports/log.js';
import { outcomeRows } from '../outcome-rows.js';
import { comparedNow, offsetsMismatch, standOf } from '../store-mismatch.js';
import type { CommandResult } from '../result.js';
import { auditDocument, type AuditDocument } from './document.js';

interface Options {
  readonly coupon?: number;
  readonly group: string;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const startedMs = services.clock.now();
  const line = await liveLine(services.output, 'reading the store');
  const report = await compare(services, options, line).finally(() => {
    line.stop();
  });
  const elapsedMs = Math.round(services.clock.now() - startedMs);
  const document = auditDocument(report, elapsedMs);
  services.output.result(document, () => draw(services, document));
  if (options.coupon !== undefined && report.records === 0) {
    services.output.note(`No record of the log asks for coupon ${String(options.coupon)}.`);
  }
  return report.verdict === 'PASS' ? undefined : 'check-failed';
}

async function compare(services: Services, options: Options, line: LiveLine): Promise<AuditReport> {
  const store = await services.readableStore();
  const reader = await services.reader();
  const admin = await services.admin();
  const compared = await comparedNow(admin, reader, options.group, REQUEST_TOPIC);
  const mismatch = await offsetsMismatch(await standOf(services, store), reader, compared);
  return store.snapshot((snapshot) => compareWith({ snapshot, mismatch }, reader, options, line));
}

async function compareWith(
  { snapshot, mismatch }: Pick<AuditInput, 'snapshot' | 'mismatch'>,
  reader: LogReader,
  options: Options,
  line: LiveLine,
): Promise<AuditReport> {
  // After the snapshot, so that a running consumer can't make an honest store look wrong: a record is in
  // the log before its outcome is in the store, and a dead letter in the DLQ before its row.
  const bounds = await reader.bounds(REQUEST_TOPIC);
  const dlqBounds = await boundsIfThere(reader, DLQ_TOPIC);
  const audit = await Audit.start({
    snapshot,
    mismatch,
    bounds,
    dlqBounds,
    couponId: options.coupon ?? null,
    clusterId: await reader.clusterId(),
    group: options.group,
    topic: REQUEST_TOPIC,
  });
  const readRecords = counting(line, (read) => `read ${count(read)} records`);
  for (const bound of dlqBounds ?? []) {
    const { readable, waiting } = readToBothEnds(reader, DLQ_TOPIC, bound);
    // A letter that waits behind the transaction of another producer is there all the same.
    for await (const letters of readable) audit.addLetters(readRecords(letters));
    for await (const letters of waiting) audit.addLetters(readRecords(letters));
  }
  for (const bound of bounds) {
    const { readable, waiting } = readToBothEnds(reader, REQUEST_TOPIC, bound);
    for await (const records of readable) await audit.addRecords(readRecords(records));
    for await (const records of waiting) audit.addWaitingRecords(readRecords(records));
  }
  return audit.report(counting(line, (applied) => `applied ${count(applied)} outcomes again`));
}

/** Passes on what it is given, and says how much that is so far. */
function counting(line: LiveLine, words: (items: number) => string) {
  let items = 0;
  return <T>(chunk: readonly T[]): readonly T[] => {
    items += chunk.length;
    line.update(words(items));
    return chunk;
  };
}

/** Records are compared as they come: what is read at once is all that is in memory. */
const CHUNK_BYTES = 1024 * 1024;

/** Up to the last stable offset, and from there to the high watermark. */
function readToBothEnds(
  reader: LogReader,
  topic: string,
  { partition, startOffset, stableEndOffset, endOffset }: PartitionBounds,
) {
  return {
    readable: reader.read(topic, partition, startOffset, stableEndOffset, CHUNK_BYTES),
    waiting: reader.readUncommitted(topic, partition, stableEndOffset, endOffset),
  };
}

async function boundsIfThere(
  reader: LogReader,
  topic: string,
): Promise<readonly PartitionBounds[] | null> {
  try {
    return await reader.bounds(topic);
  } catch (error) {
    if (error instanceof CliError && error.code === 'TOPIC_NOT_FOUND') return null;
    throw error;
  }
}

function draw(services: Services, report: AuditDocument): string {
  const { paint } = services.output;
  const verdict = report.verdict === 'PASS' ? paint.green : paint.red;
  const figures = pairs([
    ['verdict', verdict(report.verdict)],
    ['records', count(report.records)],
    ['requests', count(report.requests)],
    ...outcomeRows(report.outcomes).map(([outcome, records]) => [`  ${outcome}`, records] as const),
    ['unprocessed', count(report.unprocessed)],
    ['elapsed', duration(report.elapsedMs)],
  ]);
  if (report.findings.length === 0) return figures;
  const findings = table(
    [{ title: 'FINDING' }, { title: 'COUPON', align: 'right' }, { title: 'WHAT', tight: 'fold' }],
    report.findings.map(({ code, couponId, message }) => [code, couponId, message]),
    services.output.columns,
  );
  return `${figures}\n\n${findings}`;
}
