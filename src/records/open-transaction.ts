import type { OpenTransaction } from '../ports/log.js';

/** "7 records wait behind ...": a clause for a message. */
export function describeOpenTransaction(transaction: OpenTransaction): string {
  const { topic, partition, sinceOffset, records } = transaction;
  const waiting = records === 1 ? '1 record waits' : `${String(records)} records wait`;
  return `${waiting} behind a transaction that is open in ${topic} partition ${String(partition)} since offset ${sinceOffset.toString()}`;
}

/** What ends one, for a message that names one. */
export const HOW_TRANSACTIONS_END =
  "Its producer ends it, or Kafka does after the producer's transaction.timeout.ms (1 minute by default).";
