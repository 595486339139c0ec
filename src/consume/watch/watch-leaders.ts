import { CliError, errorOf } from '../../errors.js';
import type { Clock } from '../../ports/clock.js';
import type { LogReader } from '../../ports/log.js';
import type { Membership } from '../membership.js';
import { BROKER, partitionService, topicService, type Outages, type Service } from '../outages.js';
import { hasAborted } from './look.js';

const CHECK_MS = 5000;

interface Ports extends Clock {
  readonly reader: Pick<LogReader, 'ledBounds'>;
}

/**
 * A member reads on where one of its partitions has no leader, or one that does not answer: this reports that
 * partition, once it has been so for a while, and when it can be read again. It ends no run.
 */
export async function watchLeaders(
  ports: Ports,
  topic: string,
  outages: Outages,
  membership: Membership,
  signal: AbortSignal,
): Promise<void> {
  const leaders = new Leaders(topic, outages);
  while (!signal.aborted) {
    await ports.wait(CHECK_MS, signal);
    const { partitions } = membership;
    leaders.keepOnly(partitions);
    if (hasAborted(signal) || partitions.length === 0 || outages.isOut(BROKER)) continue;
    const askedMs = ports.now();
    const led = await ledOf(ports, topic, partitions);
    if (hasAborted(signal)) return;
    leaders.saw(partitions, led, { askedMs, nowMs: ports.now() });
  }
}

/** Those whose leader answers, or why there is none. */
async function ledOf(
  { reader }: Ports,
  topic: string,
  partitions: readonly number[],
): Promise<ReadonlySet<number> | Error> {
  try {
    const bounds = await reader.ledBounds(topic, partitions);
    return new Set(bounds.map(({ partition }) => partition));
  } catch (error) {
    return errorOf(error);
  }
}

/** A look at leaders, in ms of the run's clock. */
interface Look {
  readonly askedMs: number;
  readonly nowMs: number;
}

class Leaders {
  readonly #topic: Service;
  #partitions: readonly number[] = [];
  /** By name, since when looks have failed one behind the other. */
  readonly #missingSinceMs = new Map<string, number>();

  constructor(
    private readonly topic: string,
    private readonly outages: Outages,
  ) {
    this.#topic = topicService(topic);
  }

  /** The others are another member's by now, which reports them if it must. */
  keepOnly(partitions: readonly number[]): void {
    for (const partition of this.#partitions) {
      if (!partitions.includes(partition)) this.#works(partitionService(this.topic, partition));
    }
    this.#partitions = partitions;
  }

  saw(partitions: readonly number[], led: ReadonlySet<number> | Error, look: Look): void {
    if (led instanceof Error) {
      this.#missing(this.#topic, led, look);
      return;
    }
    this.#works(this.#topic);
    for (const partition of partitions) {
      const service = partitionService(this.topic, partition);
      if (led.has(partition)) this.#works(service);
      else this.#missing(service, noLeader(), look);
    }
  }

  #works(service: Service): void {
    this.#missingSinceMs.delete(service.name);
    this.outages.works(service);
  }

  /** Reports it where it lasts for longer than Kafka takes to move a leader that is stopped. */
  #missing(service: Service, error: Error, { askedMs, nowMs }: Look): void {
    const sinceMs = this.#missingSinceMs.get(service.name) ?? askedMs;
    this.#missingSinceMs.set(service.name, sinceMs);
    if (nowMs - sinceMs >= CHECK_MS) this.outages.failed(service, error);
  }
}

function noLeader(): CliError {
  return new CliError('PARTITION_OFFLINE', 'it has no leader that answers');
}
