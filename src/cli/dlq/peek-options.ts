import type { FilterOptions, MarkOptions } from './letters.js';

/** As declare.ts declares them. */
export interface PeekOptions extends FilterOptions, MarkOptions {
  readonly maxMessages?: number;
  readonly newest?: true;
  readonly oldest?: true;
  readonly follow?: true;
}
