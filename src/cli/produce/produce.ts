import type { Services } from '../services.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError, InterruptedError } from '../../errors.js';
import { count, duration } from '../../text/figures.js';
import { liveLine } from '../../output/spinner.js';
import { table } from '../../output/table.js';
import { produce, type ProduceResult } from '../../produce/produce.js';
import type { CommandResult } from '../result.js';
import { deliveryLimit, SendProgress } from '../send-progress.js';
import { sendFailure } from '../../produce/send-failure.js';
import { confirmLoad, warnOfRejection } from './generated-load.js';
import { openSource, type SourceOptions } from './request-source.js';

interface Options extends SourceOptions {
  readonly rate?: number;
  /** In seconds. */
  readonly deliveryTimeout: number;
  readonly yes?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const source = await openSource(services, options);
  if (options.coupon !== undefined) await warnOfRejection(services, options.coupon);
  await confirmLoad(services, options);
  const admin = await services.admin();
  const sink = await services.producer(REQUEST_TOPIC, deliveryLimit(options));
  await sink.open();
  const maxBatchBytes = await admin.maxMessageBytes(REQUEST_TOPIC);
  const signal = services.gracefulStop();
  const line = await liveLine(services.output, `sending to ${REQUEST_TOPIC}`);
  const progress = new SendProgress(services, line, source.expected, 'acknowledged');
  const result = await produce(
    sink,
    source.records,
    { ratePerSecond: options.rate ?? null, maxBatchBytes },
    services.clock,
    signal,
    progress,
  )
    .catch((error: unknown) => {
      // The source failed: a bad line on stdin, a file that changed. What came before it was sent.
      if (error instanceof CliError) {
        error.details = document(withExpected(progress.latest ?? NOTHING_SENT, source.expected));
      }
      throw error;
    })
    .finally(() => {
      line.stop();
    });
  finish(services, withExpected(result, source.expected), signal.aborted);
  return undefined;
}

const NOTHING_SENT: ProduceResult = {
  requested: 0,
  acknowledged: 0,
  failed: 0,
  elapsedMs: 0,
  perSecond: 0,
  partitions: [],
  error: null,
};

/** What was never sent has failed as well. */
function withExpected(result: ProduceResult, expected: number | null): ProduceResult {
  const requested = Math.max(result.requested, expected ?? 0);
  return { ...result, requested, failed: requested - result.acknowledged };
}

function finish(services: Services, result: ProduceResult, interrupted: boolean): void {
  const { acknowledged, requested, failed, error } = result;
  const soFar = `${count(acknowledged)} of ${count(requested)} acknowledged, ${count(failed)} not`;
  if (interrupted) {
    const interruption = new InterruptedError(`Interrupted: ${soFar}.`);
    interruption.details = document(result);
    throw interruption;
  }
  if (error !== null) {
    const failure = sendFailure(error);
    failure.message = `${failure.message} (${soFar})`;
    failure.details = document(result);
    throw failure;
  }
  if (failed > 0) {
    const failure = new CliError('NOT_ALL_SENT', `Not every request was sent: ${soFar}.`);
    failure.details = document(result);
    throw failure;
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
