/**
 * ConsumerGroupDescribe: a group of KIP-848's protocol (`group.protocol=consumer`, Kafka 4.0 and newer),
 * of which DescribeGroups says that it is dead. kafkajs has no such request.
 * Source: https://kafka.apache.org/protocol#The_Messages_ConsumerGroupDescribe
 */
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { NO_TAGGED_FIELDS, type RawRequest } from '../client/raw-request.js';

export interface ConsumerGroupDescription {
  /** Empty, Assigning, Reconciling, Stable or Dead. */
  readonly state: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly clientId: string;
    readonly clientHost: string;
    /** Null: a pattern is among what it subscribes to. */
    readonly subscription: readonly string[] | null;
    /** Partitions by topic. */
    readonly assignment: Readonly<Record<string, readonly number[]>>;
  }[];
}

/** Answered with null where there is no group of that protocol under this name. */
export function describeConsumerGroup(group: string): RawRequest<ConsumerGroupDescription | null> {
  return {
    apiKey: 69,
    apiVersion: 0,
    apiName: 'ConsumerGroupDescribe',
    isFlexible: true,
    body: new Encoder()
      .writeUVarIntArray([new Encoder().writeUVarIntString(group)], 'object')
      // Not which operations this user may do on it.
      .writeBoolean(false)
      .writeUVarInt(NO_TAGGED_FIELDS),
    parse: readAnswer,
  };
}

function readAnswer(answer: Buffer): ConsumerGroupDescription | null {
  const decoder = new Decoder(answer);
  // The time that the client should hold back, of which kafkajs has no part here.
  decoder.readInt32();
  return readArray(decoder, readGroup)[0] ?? null;
}

function readGroup(decoder: Decoder): ConsumerGroupDescription | null {
  const errorCode = decoder.readInt16();
  decoder.readUVarIntString();
  decoder.readUVarIntString();
  const state = decoder.readUVarIntString() ?? '';
  // The epochs of the group and of its assignment, and the assignor.
  decoder.readInt32();
  decoder.readInt32();
  decoder.readUVarIntString();
  const members = readArray(decoder, readMember);
  return errorCode === 0 ? { state, members } : null;
}

function readMember(decoder: Decoder): ConsumerGroupDescription['members'][number] {
  const memberId = decoder.readUVarIntString() ?? '';
  // Its instance and rack, and the epoch that it has reached.
  for (let text = 0; text < 2; text += 1) decoder.readUVarIntString();
  decoder.readInt32();
  const clientId = decoder.readUVarIntString() ?? '';
  const clientHost = decoder.readUVarIntString() ?? '';
  const topics = readArray(decoder, (each) => each.readUVarIntString() ?? '');
  const pattern = decoder.readUVarIntString() ?? '';
  const subscription = pattern === '' ? topics : null;
  const assignment = readAssignment(decoder);
  // What it is to be assigned once all others have let go.
  readAssignment(decoder);
  decoder.readTaggedFields();
  return { memberId, clientId, clientHost, subscription, assignment };
}

const TOPIC_ID_INT64S = 2;

function readAssignment(decoder: Decoder): Readonly<Record<string, readonly number[]>> {
  const topics = readArray(decoder, (each) => {
    for (let half = 0; half < TOPIC_ID_INT64S; half += 1) each.readInt64();
    const topic = each.readUVarIntString() ?? '';
    const partitions = readArray(each, (partition) => partition.readInt32());
    each.readTaggedFields();
    return [topic, partitions] as const;
  });
  decoder.readTaggedFields();
  return Object.fromEntries(topics);
}

function readArray<T>(decoder: Decoder, read: (decoder: Decoder) => T): readonly T[] {
  return decoder.readUVarIntArray(read) ?? [];
}
