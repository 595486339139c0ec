import type { Producer, ProducerRecord, RecordMetadata } from 'kafkajs';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { protocolErrorType } from '../client/errors.js';

/** Kafka's NO_TIMESTAMP: whatever its clock says, a broker takes a record that has no time. */
const NO_TIMESTAMP = '-1';

/**
 * Sends records with the time of this machine. A broker refuses that time where the machine's clock is
 * ahead of its own by more than message.timestamp.after.max.ms (1 h by default), unless the topic has
 * message.timestamp.type=LogAppendTime. A dead letter is then sent without a time, so that a wrong
 * clock does not hold up its partition; Kafka keeps it as long as the records around it. A request is
 * not: its campaign's window is judged by its time.
 */
export async function sendDated(
  producer: Producer,
  record: ProducerRecord,
): Promise<RecordMetadata[]> {
  try {
    return await producer.send(record);
  } catch (error) {
    const mayHaveNoTime = record.topic === DLQ_TOPIC;
    if (!mayHaveNoTime || protocolErrorType(error) !== 'INVALID_TIMESTAMP') throw error;
    const messages = record.messages.map((message) => ({ ...message, timestamp: NO_TIMESTAMP }));
    return producer.send({ ...record, messages });
  }
}
