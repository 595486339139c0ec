/** single: a record a transaction; batch: many; scheduler: the old way, to compare with. */
export const CONSUME_MODES = ['single', 'batch', 'scheduler'] as const;

export type ConsumeMode = (typeof CONSUME_MODES)[number];
