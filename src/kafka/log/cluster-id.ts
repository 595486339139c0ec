/**
 * Metadata in version 4 (Kafka 0.11 to 4) of no topic at all: which cluster a broker is of. kafkajs can
 * only ask for the metadata of all topics for that, and hides why no broker answered.
 * Source: https://kafka.apache.org/protocol#The_Messages_Metadata
 */
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { RawRequest } from '../client/raw-request.js';

/** Answered with null by a broker that has no cluster id. */
export function askForClusterId(): RawRequest<string | null> {
  return {
    apiKey: 3,
    apiVersion: 4,
    apiName: 'Metadata',
    isFlexible: false,
    // No topic, and none is to be created.
    body: new Encoder().writeArray([]).writeBoolean(false),
    parse: readAnswer,
  };
}

function readAnswer(answer: Buffer): string | null {
  const decoder = new Decoder(answer);
  decoder.readInt32(); // Throttle time.
  decoder.readArray(skipBroker);
  return decoder.readString();
}

function skipBroker(decoder: Decoder): void {
  decoder.readInt32(); // Node id.
  decoder.readString(); // Host.
  decoder.readInt32(); // Port.
  decoder.readString(); // Rack.
}
