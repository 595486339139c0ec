import type { ReplayData } from '../../console/wire/replay.js';

/** Another plan would take its place half-way, or is refused. */
export function isBusy({ phase }: ReplayData): boolean {
  return phase === 'planning' || phase === 'sending';
}

/** Discarded by a viewer before anything was sent: there is nothing to say about it. */
export function isDiscarded({ phase, replayed, failure }: ReplayData): boolean {
  return phase === 'cancelled' && replayed === 0 && failure === null;
}
