import type { ReplayData } from '../../console/wire/replay.js';

/** Another one can't be planned meanwhile. */
export function isRunning(phase: ReplayData['phase']): boolean {
  return phase === 'planning' || phase === 'sending' || phase === 'deciding';
}

/** A plan of which nothing was sent: there is nothing to tell about it. */
export function isDiscarded({ phase, replayed }: Pick<ReplayData, 'phase' | 'replayed'>): boolean {
  return phase === 'cancelled' && replayed === 0;
}
