/**
 * DescribeLogDirs: the bytes that partitions take on one broker's disk. kafkajs has no such request.
 * Version 1 is in every Kafka from 2.0 to 4; later ones add only what is not needed here. To a user
 * without Describe on the cluster its answer is empty.
 * Source: https://kafka.apache.org/protocol#The_Messages_DescribeLogDirs
 */
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { RawRequest } from '../client/raw-request.js';

export interface PartitionsOfTopic {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export interface LogDirReplica {
  readonly topic: string;
  readonly partition: number;
  /** Of its segments, without their indexes. */
  readonly sizeBytes: number;
}

/** The answer leaves out what the broker has no replica of, or does not tell. */
export function describeLogDirs(
  topics: readonly PartitionsOfTopic[],
): RawRequest<readonly LogDirReplica[]> {
  return {
    apiKey: 35,
    apiVersion: 1,
    apiName: 'DescribeLogDirs',
    isFlexible: false,
    body: new Encoder().writeArray(
      topics.map(({ topic, partitions }) =>
        new Encoder().writeString(topic).writeArray(partitions),
      ),
    ),
    parse: readAnswer,
  };
}

function readAnswer(answer: Buffer): readonly LogDirReplica[] {
  const decoder = new Decoder(answer);
  // The time that the client should hold back, of which kafkajs has no part here.
  decoder.readInt32();
  return decoder.readArray(readLogDir).flat();
}

/** A log directory that is offline has an error code, and no topics. */
function readLogDir(decoder: Decoder): readonly LogDirReplica[] {
  decoder.readInt16();
  decoder.readString();
  return decoder.readArray(readTopic).flat();
}

function readTopic(decoder: Decoder): readonly LogDirReplica[] {
  const topic = decoder.readString();
  return decoder.readArray(readReplica).flatMap(({ isFuture, ...replica }) =>
    // A copy on its way to another directory of this broker: not yet what counts.
    isFuture ? [] : [{ topic, ...replica }],
  );
}

function readReplica(decoder: Decoder) {
  const partition = decoder.readInt32();
  const sizeBytes = Number(decoder.readInt64());
  // How far behind the log it is: for a copy on its way.
  decoder.readInt64();
  return { partition, sizeBytes, isFuture: decoder.readBoolean() };
}
