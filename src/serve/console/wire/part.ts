/** What every answer of the console is made of. */
import type { Failure } from '../../../errors.js';

export type { Failure } from '../../../errors.js';
export type { Part } from '../../../readings/part.js';

/** Each answer that is none of 2xx. */
export interface ErrorAnswer {
  readonly error: Failure;
}
