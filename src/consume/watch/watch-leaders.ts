import { CliError, errorOf } from '../../errors.js';
import type { Clock } from '../../ports/clock.js';
import type { LogReader } from '../../ports/log.js';
import type { Membership } from '../membership.js';
import { BROKER, partitionService, type Outages } from '../outages.js';
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
    const { led, error } = await ledOf(ports, topic, partitions);
    if (hasAborted(signal)) return;
    for (const partition of partitions) {
      if (led.has(partition)) leaders.answered(partition);
      else leaders.missing(partition, error, { askedMs, nowMs: ports.now() });
    }
  }
}

/** The partitions whose leader answers, and why the others are not among them. */
async function ledOf({ reader }: Ports, topic: string, partitions: readonly number[]) {
  try {
    const bounds = await reader.ledBounds(topic, partitions);
    const led = new Set(bounds.map(({ partition }) => partition));
    return { led, error: new CliError('PARTITION_OFFLINE', 'it has no leader that answers') };
  } catch (error) {
    return { led: new Set<number>(), error: errorOf(error) };
  }
}

class Leaders {
  /** By partition, when its leader was asked first of the times that it did not answer; null: it answered the last time. */
  readonly #missingSinceMs = new Map<number, number | null>();

  constructor(
    private readonly topic: string,
    private readonly outages: Outages,
  ) {}

  /** The others are another member's by now, which reports them if it must. */
  keepOnly(partitions: readonly number[]): void {
    for (const partition of this.#missingSinceMs.keys()) {
      if (partitions.includes(partition)) continue;
      this.#missingSinceMs.delete(partition);
      this.outages.works(partitionService(this.topic, partition));
    }
  }

  answered(partition: number): void {
    this.#missingSinceMs.set(partition, null);
    this.outages.works(partitionService(this.topic, partition));
  }

  /** Reports it where it lasts for longer than Kafka takes to move a leader that is stopped. */
  missing(partition: number, error: Error, asked: { askedMs: number; nowMs: number }): void {
    const sinceMs = this.#missingSinceMs.get(partition) ?? asked.askedMs;
    this.#missingSinceMs.set(partition, sinceMs);
    if (asked.nowMs - sinceMs >= CHECK_MS) {
      this.outages.failed(partitionService(this.topic, partition), error);
    }
  }
}
