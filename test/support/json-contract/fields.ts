/** What the documents of docs/contract.md are made of. */
import { z } from 'zod';

export const count = z.int().nonnegative();
export const ms = z.int().nonnegative();
/** 64 bit, so a string. */
export const offset = z.string().regex(/^\d+$/);
/** Zod takes only times in UTC here, with a Z. */
export const time = z.iso.datetime();
export const topicName = z.string().min(1);
export const code = z.string().regex(/^[A-Z][A-Z0-9_]*$/);
export const position = z.strictObject({ topic: topicName, partition: count, offset });

export const outcomes = z.strictObject({
  ISSUED: count,
  DUPLICATE: count,
  SOLD_OUT: count,
  EXPIRED: count,
  NOT_STARTED: count,
  INACTIVE: count,
  NOT_FOUND: count,
  DEAD_LETTERED: count,
});
export const outcome = outcomes.keyof();

export const failure = z.strictObject({
  error: z.strictObject({ code, message: z.string().min(1), hint: z.string().min(1).nullable() }),
});

/** What waits behind an open transaction. */
export const openTransactions = z.array(
  z.strictObject({
    topic: topicName,
    partition: count,
    sinceOffset: offset,
    records: z.int().positive(),
  }),
);
