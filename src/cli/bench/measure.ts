import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import {
  rowOf,
  type BenchRow,
  type LatencyRun,
  type ThroughputRun,
  type Verdict,
} from '../../bench/row.js';
import { SCHEDULER_REQUESTS } from '../../bench/scheduler-run.js';
import type { ConsumeMode } from '../../consume/consume-mode.js';
import { CliError } from '../../errors.js';
import type { BenchSite, Place } from './site.js';
import type { StorePlace } from './stores.js';

export interface BenchPlan {
  readonly count: number;
  readonly modes: readonly ConsumeMode[];
  readonly runs: number;
  readonly latencySeconds: number;
}

export const CAMPAIGNS = 10;
export const MEMBERS = 3;
/** Fewer than the scheduler takes. */
export const LATENCY_PER_SECOND = 10;

/** What of the summary of `consume` is needed here (docs/contract.md). */
interface Consumed {
  readonly records: number;
  readonly outcomes: { readonly ISSUED: number };
  readonly elapsedMs: number;
  readonly latencyMs: LatencyRun;
}

/** Measures the modes in turns: first how fast they read what is there, then the latency. */
export class Measurement {
  /** So many users have asked: each asks once. */
  #users = 0;
  readonly #throughput = new Map<ConsumeMode, ThroughputRun[]>();
  readonly #latency = new Map<ConsumeMode, LatencyRun[]>();
  /** Of a mode's latest run. */
  readonly #places = new Map<ConsumeMode, Place>();

  constructor(
    private readonly site: BenchSite,
    private readonly plan: BenchPlan,
    private readonly progress: (text: string) => void,
  ) {}

  async rows(): Promise<readonly BenchRow[]> {
    const { count, modes } = this.plan;
    this.progress(`sending ${String(count)} requests`);
    await this.#send(count);
    await this.#inTurns('', async (mode) => {
      const place = await this.site.newPlace((store) => this.#createCampaigns(store));
      this.#places.set(mode, place);
      push(this.#throughput, mode, await this.#drain(mode, place));
    });
    await this.#inTurns('latency, ', async (mode) => {
      push(this.#latency, mode, await this.#latencyOf(mode));
    });
    return modes.map((mode) =>
      rowOf(mode, this.#throughput.get(mode) ?? [], this.#latency.get(mode) ?? []),
    );
  }

  /** The scheduler has one turn: it works by the clock, so that another would say the same. */
  async #inTurns(what: string, turn: (mode: ConsumeMode) => Promise<void>): Promise<void> {
    const { modes, runs } = this.plan;
    for (let run = 1; run <= runs; run += 1) {
      for (const mode of modes.filter((each) => each !== 'scheduler' || run === 1)) {
        this.progress(`${what}run ${String(run)} of ${String(runs)}: ${mode}`);
        await turn(mode);
      }
    }
  }

  async #drain(mode: ConsumeMode, place: Place): Promise<ThroughputRun> {
    const { group } = place;
    const goal =
      mode === 'scheduler' ? ['--max-records', String(SCHEDULER_REQUESTS)] : ['--until-drained'];
    const args = ['consume', '--mode', mode, '--group', group, ...goal];
    const { records, outcomes, elapsedMs } = await this.site.json<Consumed>(place, args);
    const audit = ['audit', '--group', group];
    const { verdict } = await this.site.json<{ readonly verdict: Verdict }>(place, audit);
    return { requests: records, issued: outcomes.ISSUED, elapsedMs, audit: verdict };
  }

  /** Members that have read everything, and then one request after another. */
  async #latencyOf(mode: ConsumeMode): Promise<LatencyRun> {
    const place = this.#places.get(mode);
    if (place === undefined) throw new RangeError(`${mode} was not run before`);
    const consume = ['consume', '--group', place.group];
    await this.site.json(place, [...consume, '--mode', 'batch', '--until-drained']);
    const count = this.#latencyRequests();
    const until = ['--max-records', String(count)];
    // Its lines of progress end it where they have no reader any more.
    const args = [...consume, '--mode', mode, ...until, '--progress', 'json'];
    const [{ latencyMs }] = await Promise.all([
      this.site.json<Consumed>(place, args),
      this.#membersOf(place).then(() => this.#send(count, LATENCY_PER_SECOND)),
    ]);
    return latencyMs;
  }

  #latencyRequests(): number {
    return Math.ceil(LATENCY_PER_SECOND * this.plan.latencySeconds);
  }

  async #membersOf(place: Place): Promise<void> {
    const { group } = place;
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const args = ['lag', '--group', group];
      const lag = await this.site.json<{ state: string; members: number }>(place, args);
      if (lag.state === 'Stable' && lag.members === MEMBERS) return;
      await sleep(LOOK_EVERY_MS);
    }
    throw new CliError(
      'BENCH_FAILED',
      `Group ${group} did not get its ${String(MEMBERS)} members.`,
    );
  }

  async #send(count: number, perSecond?: number): Promise<void> {
    const from = this.#users + 1;
    this.#users += count;
    const rate = perSecond === undefined ? [] : ['--rate', String(perSecond)];
    const args = ['produce', '--file', '-', '--format', 'csv', ...rate];
    await this.site.json(this.site.ownPlace, args, Readable.from(requests(from, count)));
  }

  /** They have enough for everyone. */
  async #createCampaigns(place: StorePlace): Promise<void> {
    const { count, runs, modes } = this.plan;
    const stock = count + runs * modes.length * this.#latencyRequests();
    for (let id = 1; id <= CAMPAIGNS; id += 1) {
      await this.site.json(place, [
        ...['campaigns', 'create', String(id), '--stock', String(stock)],
      ]);
    }
  }
}

const LOOK_EVERY_MS = 100;
const MOST_LOOKS = 300;

/** CSV for `produce`: distinct users, who ask for one campaign after another. */
function* requests(from: number, count: number): Generator<string> {
  yield 'couponId,userId\n';
  for (let user = from; user < from + count; user += 1) {
    yield `${String((user % CAMPAIGNS) + 1)},${String(user)}\n`;
  }
}

function push<T>(lists: Map<ConsumeMode, T[]>, mode: ConsumeMode, item: T): void {
  lists.set(mode, [...(lists.get(mode) ?? []), item]);
}
