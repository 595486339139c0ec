/** The JSON of docs/contract.md that is about the broker and its topics. */
import { z } from 'zod';
import { count, offset, openTransactions, topicName, failure } from './fields.js';

export const brokerStatus = z.strictObject({
  running: z.boolean(),
  answers: z.boolean().nullable(),
  pid: z.int().positive().nullable(),
  address: z
    .string()
    .regex(/^127\.0\.0\.1:\d+$/)
    .nullable(),
  dataDir: z.string().min(1),
});

export const topicsCreated = z.strictObject({
  topics: z.array(
    z.strictObject({
      name: topicName,
      partitions: z.int().positive(),
      replicationFactor: z.int().positive(),
      config: z.record(z.string(), z.string()),
      status: z.enum(['created', 'exists', 'differs', 'planned']),
      differences: z.array(
        z.strictObject({
          property: z.string(),
          actual: z.string().nullable(),
          expected: z.string(),
          mend: z.string().min(1),
          fix: z.string().min(1),
        }),
      ),
    }),
  ),
  refusal: failure.shape.error.optional(),
});

export const topicsDescribed = z.strictObject({
  topics: z.array(
    z.strictObject({
      name: topicName,
      partitions: z.array(
        z.strictObject({
          partition: count,
          leader: count.nullable(),
          replicas: z.array(count),
          isr: z.array(count),
          startOffset: offset.nullable(),
          endOffset: offset.nullable(),
          stableEndOffset: offset.nullable(),
          sizeBytes: count.nullable(),
          state: z.enum(['in-sync', 'under-replicated', 'offline']),
        }),
      ),
      replicationFactor: z.int().positive(),
      sizeBytes: count.nullable(),
      sizeOnDiskBytes: count.nullable(),
      config: z.record(z.string(), z.string()),
      effectiveConfig: z.record(z.string(), z.string()),
    }),
  ),
});

export const topicAltered = z.strictObject({
  topic: topicName,
  from: count,
  to: count,
  applied: z.boolean(),
  keys: z.strictObject({
    sampled: count,
    moved: count,
    movedKeys: z.array(z.string()),
    movedOnSale: z.array(z.int().positive()).nullable(),
  }),
  lag: count,
  openTransactions,
  warnings: z.array(z.string()),
});
