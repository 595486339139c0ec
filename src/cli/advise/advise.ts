import type { Services } from '../services.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import { advise } from '../../advice/advice.js';
import {
  collectFacts,
  countDeadLetters,
  ownTopics,
  type Observation,
} from '../../advice/collect.js';
import { measureLag } from '../../lag/lag.js';
import { withRecentLetters } from '../../lag/recent-letters.js';
import { sampleLag } from '../../lag/sample.js';
import { CAUTION_ABOVE } from '../../lag/status.js';
import type { ClusterAdmin } from '../../ports/cluster-admin.js';
import type { LagSample } from '../../ports/lag-sample.js';
import type { ClusterLogReader } from '../../ports/log.js';
import { slideWindow } from '../../lag/window.js';
import { liveLine } from '../../output/spinner.js';
import { advicePlaceOf } from '../advice-place.js';
import { adviceDocument } from './document.js';
import { drawAdvice } from './draw-advice.js';
import { SaleReading } from './sale-reading.js';
import { standOrFailure } from '../store-mismatch.js';
import { countReplayedLetters } from '../dlq/replay-memory.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly group: string;
  /** In seconds. */
  readonly observe: number;
}

const MOST_LOOKS_APART_MS = 1000;

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const admin = await services.admin();
  const reader = await services.reader();
  const topics = await ownTopics(admin);
  const before = await countDeadLetters(reader, topics);
  const sale = await SaleReading.start(services);
  const { lag, last, observedMs } = await observe(services, admin, reader, options);
  const after = await countDeadLetters(reader, topics);
  const { recentLetters: recent } = await withRecentLetters(last, admin, reader);
  // At the same time: a store that does not answer is waited for once.
  const [replayed, soldMeanwhile, stand] = await Promise.all([
    after === null ? null : countReplayedLetters(services),
    sale.end(),
    standOrFailure(services),
  ]);
  const deadLetters =
    before === null || after === null ? null : { before, after, replayed, recent };
  const observation = { lag, last, observedMs, topics, deadLetters, sale: soldMeanwhile };
  const facts = await collectFacts(admin, reader, observation, stand, advicePlaceOf(services));
  const advice = adviceDocument(advise(facts), observedMs, (command) => services.pasted(command));
  const { paint, columns } = services.output;
  services.output.result(advice, () => drawAdvice(advice, lag, { paint, columns }));
  return undefined;
}

type Observed = Pick<Observation, 'lag' | 'last' | 'observedMs'>;

/** Looks at the group for --observe seconds, at least twice. */
async function observe(
  services: Services,
  admin: ClusterAdmin,
  reader: ClusterLogReader,
  { group, observe: seconds }: Options,
): Promise<Observed> {
  const { clock, output } = services;
  const query = { group, topic: REQUEST_TOPIC };
  const line = await liveLine(output, `observing ${group} for ${String(seconds)} s`);
  try {
    let last = await sampleLag(admin, reader, query, clock.now);
    const first = last;
    let window: readonly LagSample[] = [];
    let lag = measureLag(last, { warnAbove: CAUTION_ABOVE });
    while (last.takenAtMs - first.takenAtMs < seconds * 1000) {
      const leftMs = first.takenAtMs + seconds * 1000 - last.takenAtMs;
      await clock.wait(Math.min(MOST_LOOKS_APART_MS, leftMs));
      window = slideWindow(window, last);
      last = await sampleLag(admin, reader, query, clock.now);
      lag = measureLag(last, { warnAbove: CAUTION_ABOVE }, window);
      const left = Math.max(0, Math.ceil(seconds - (last.takenAtMs - first.takenAtMs) / 1000));
      line.update(`observing ${group}: lag ${count(lag.totalLag)}, ${String(left)} s left`);
    }
    return { lag, last, observedMs: last.takenAtMs - first.takenAtMs };
  } finally {
    line.stop();
  }
}
