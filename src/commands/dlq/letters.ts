/** What the dlq commands have in common: their filters, and a letter's JSON. */
import type { LetterFilter } from '../../monitor/dead-letter-filter.js';
import { isoTime } from '../../output/output.js';
import type { PartitionBounds } from '../../pipeline/ports.js';
import type { DeadLetter } from '../../pipeline/read-dead-letter.js';
import { CliError } from '../../errors.js';

/** As program/dlq.ts declares them. */
export interface FilterOptions {
  readonly reason?: string;
  readonly coupon?: number;
  readonly partition?: number;
  readonly since?: number;
  readonly until?: number;
  readonly text?: string;
}

/** Throws CliError PARTITION_NOT_FOUND where --partition names none of the DLQ's. */
export function filterOf(options: FilterOptions, bounds: readonly PartitionBounds[]): LetterFilter {
  const { reason, coupon, partition, since, until, text } = options;
  if (partition !== undefined && !bounds.some((bound) => bound.partition === partition)) {
    throw new CliError(
      'PARTITION_NOT_FOUND',
      `The DLQ has no partition ${String(partition)}: it has ${String(bounds.length)}, counted from 0.`,
      'See `coupons dlq count`.',
    );
  }
  return {
    ...(reason === undefined ? {} : { reasonCode: reason }),
    ...(coupon === undefined ? {} : { couponId: coupon }),
    ...(partition === undefined ? {} : { partition }),
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
    ...(text === undefined ? {} : { text }),
  };
}

export function hasFilter(options: FilterOptions): boolean {
  const { reason, coupon, partition, since, until, text } = options;
  return [reason, coupon, partition, since, until, text].some((value) => value !== undefined);
}

/** docs/contract.md, "dlq peek": one of its messages. */
export function letterJson({ timestampMs, ...letter }: DeadLetter) {
  const { partition, offset, key, ...rest } = letter;
  return { partition, offset, timestamp: isoTime(timestampMs), key, ...rest };
}
