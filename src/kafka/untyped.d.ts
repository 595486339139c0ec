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
