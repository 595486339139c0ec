import type { ChalkInstance } from 'chalk';

export interface StatusView {
  readonly paint: ChalkInstance;
  readonly columns: number;
  /** At most so many. */
  readonly campaigns: number;
}
