/** Asking a broker what kafkajs has no request for, over a connection of kafkajs's. */
import Encoder from 'kafkajs/src/protocol/encoder.js';

/** What of kafkajs's broker object a question needs. */
export interface AskedBroker {
  /** By API key; null until it has connected. */
  readonly versions: Readonly<Record<number, VersionRange | undefined>> | null;
  readonly connectionPool: { send<T>(question: WireQuestion<T>): Promise<T> };
}

interface VersionRange {
  readonly minVersion: number;
  readonly maxVersion: number;
}

interface WireQuestion<T> {
  readonly request: Pick<Question<T>, 'apiKey' | 'apiVersion' | 'apiName'> & {
    readonly encode: () => Promise<Encoder>;
  };
  readonly response: {
    readonly decode: (answer: Buffer) => Promise<Buffer>;
    readonly parse: (answer: Buffer) => Promise<T>;
  };
}

/** A request that kafkajs has no call for, in one version, and how its answer is read. */
export interface Question<T> {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  /** Whether that version has tagged fields (KIP-482): one lot of them, empty, is in the headers. */
  readonly isFlexible: boolean;
  readonly body: Encoder;
  readonly parse: (answer: Buffer) => T;
}

/** Resolves to null where the broker does not offer that version. */
export async function ask<T>(broker: AskedBroker, question: Question<T>): Promise<T | null> {
  const { apiKey, apiVersion, apiName, isFlexible, parse } = question;
  const { minVersion, maxVersion } = broker.versions?.[apiKey] ?? NOT_OFFERED;
  if (apiVersion < minVersion || apiVersion > maxVersion) return null;
  // kafkajs writes and reads headers without tagged fields: they go before the body.
  const body = new Encoder();
  if (isFlexible) body.writeUVarInt(NO_TAGGED_FIELDS);
  body.writeEncoder(question.body);
  return broker.connectionPool.send({
    request: { apiKey, apiVersion, apiName, encode: () => Promise.resolve(body) },
    response: {
      decode: (answer) => Promise.resolve(answer.subarray(isFlexible ? 1 : 0)),
      parse: (answer) => new Promise((resolve) => resolve(parse(answer))),
    },
  });
}

export const NO_TAGGED_FIELDS = 0;
const NOT_OFFERED: VersionRange = { minVersion: 0, maxVersion: -1 };
