// Libraries (and one file inside kafkajs) that bring no types of their own.
declare module 'lz4js' {
  const lz4: { decompress(data: Uint8Array): Uint8Array };
  export default lz4;
}

declare module 'snappyjs' {
  const snappy: { uncompress(data: Uint8Array): Uint8Array };
  export default snappy;
}

declare module 'kafkajs/src/consumer/filterAbortedMessages.js' {
  interface AbortedTransaction {
    readonly producerId: string;
    readonly firstOffset: string;
  }
  const filterAbortedMessages: <T>(input: {
    messages: readonly T[];
    abortedTransactions: readonly AbortedTransaction[];
  }) => readonly T[];
  export default filterAbortedMessages;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  /** Writes the types of Kafka's protocol one after the other; UVarInt: as flexible versions have them. */
  export default class Encoder {
    readonly buffer: Buffer;
    writeBoolean(value: boolean): this;
    writeEncoder(value: Encoder): this;
    writeUVarInt(value: number): this;
    writeUVarIntArray(items: readonly Encoder[], type: 'object'): this;
    writeUVarIntString(value: string): this;
    writeInt8(value: number): this;
    writeInt32(value: number): this;
    writeInt64(value: string): this;
    writeString(value: string): this;
    /** Numbers are int32. */
    writeArray(items: readonly (number | Encoder)[]): this;
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  /** Reads what Encoder writes; throws RangeError beyond the end. */
  export default class Decoder {
    constructor(buffer: Buffer);
    canReadBytes(length: number): boolean;
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readBoolean(): boolean;
    readString(): string;
    readBytes(length: number): Buffer;
    readTaggedFields(): unknown;
    readUVarIntArray<T>(read: (decoder: Decoder) => T): readonly T[] | null;
    readUVarIntString(): string | null;
    readArray<T>(read: (decoder: Decoder) => T): readonly T[];
  }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** The requests of one connection: those that wait to be sent, and those that wait for their answer. */
  export default class RequestQueue {
    constructor(options: {
      readonly maxInFlightRequests: number;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly logger: { readonly debug: () => void };
    });
    readonly pending: readonly unknown[];
    /** In ms since the epoch; -1 where the broker has not asked to wait. */
    readonly throttledUntil: number;
    maybeThrottle(ms: number): void;
    push(request: {
      readonly entry: { readonly correlationId: number; readonly resolve: () => void };
      readonly expectResponse: boolean;
      readonly sendRequest: () => void;
    }): void;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}
