/**
 * What a partition of an assignment is doing: a state machine without I/O. The worker does what a
 * phase asks for and reports what came of it.
 *
 * | phase          | started | applied | refused                      | unavailable | moved on |
 * | -------------- | ------- | ------- | ---------------------------- | ----------- | -------- |
 * | starting       | reading | -       | -                            | starting    | -        |
 * | reading        | -       | reading | retrying, 1 failure          | reading     | starting |
 * | retrying (1,2) | -       | reading | retrying, one failure more   | retrying    | starting |
 * | retrying (3)   | -       | reading | giving-up                    | retrying    | starting |
 * | giving-up      | -       | reading | -                            | giving-up   | starting |
 *
 * `-` cannot happen: it is a mistake in the program, and ends the run.
 */
import { RETRY_DELAYS_MS } from '../retry.js';

export type PartitionPhase =
  /** It is not known yet where to start. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'reading' }
  /** The record at `offset` was refused so often; it is tried again, alone. */
  | { readonly kind: 'retrying'; readonly offset: bigint; readonly failures: number }
  /** The record at `offset` has had its last attempt: its dead letter is due, alone. */
  | { readonly kind: 'giving-up'; readonly offset: bigint };

export type PartitionEvent =
  /** The start position is known. */
  | { readonly kind: 'started' }
  /** Records were applied, up to the failing one or beyond it. */
  | { readonly kind: 'applied' }
  /** The store refuses this one record. */
  | { readonly kind: 'refused'; readonly offset: bigint }
  /** The store, the DLQ or the broker does not work, which is no fault of a record. */
  | { readonly kind: 'unavailable' }
  /** The store has moved on without this member, or retention has deleted what is due. */
  | { readonly kind: 'moved-on' };

/** Throws Error for what cannot happen. */
export function nextPhase(phase: PartitionPhase, event: PartitionEvent): PartitionPhase {
  if (event.kind === 'unavailable') return phase;
  if (event.kind === 'started') {
    if (phase.kind === 'starting') return { kind: 'reading' };
    throw impossible(phase, event);
  }
  if (phase.kind === 'starting') throw impossible(phase, event);
  switch (event.kind) {
    case 'applied':
      return { kind: 'reading' };
    case 'moved-on':
      return { kind: 'starting' };
    case 'refused':
      return refused(phase, event.offset);
  }
}

function refused(phase: PartitionPhase, offset: bigint): PartitionPhase {
  if (phase.kind === 'giving-up') throw impossible(phase, { kind: 'refused', offset });
  const failures = phase.kind === 'retrying' && phase.offset === offset ? phase.failures + 1 : 1;
  return failures > RETRY_DELAYS_MS.length
    ? { kind: 'giving-up', offset }
    : { kind: 'retrying', offset, failures };
}

function impossible(phase: PartitionPhase, event: PartitionEvent): Error {
  return new Error(`a partition that is ${phase.kind} can't be ${event.kind}`);
}
