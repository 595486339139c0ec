/** Requests that kafkajs does not have, sent over one of its connections. */
import Encoder from 'kafkajs/src/protocol/encoder.js';

/** What sending needs of kafkajs's broker object. */
export interface RawRequestBroker {
  /** By API key; null until it has connected. */
  readonly versions: Readonly<Record<number, VersionRange | undefined>> | null;
  readonly connectionPool: { send<T>(protocol: Protocol<T>): Promise<T> };
}

interface VersionRange {
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** A request as kafkajs's connections take it. */
interface Protocol<T> {
  readonly request: Pick<RawRequest<T>, 'apiKey' | 'apiVersion' | 'apiName'> & {
    readonly encode: () => Promise<Encoder>;
  };
  readonly response: {
    readonly decode: (answer: Buffer) => Promise<Buffer>;
    readonly parse: (answer: Buffer) => Promise<T>;
  };
}

/** A request in one version, and how its answer is read. */
export interface RawRequest<T> {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  /** Whether that version has tagged fields (KIP-482): one lot of them, empty, is in the headers. */
  readonly isFlexible: boolean;
  readonly body: Encoder;
  readonly parse: (answer: Buffer) => T;
}

/** Resolves to null where the broker does not offer that version. */
export async function sendRaw<T>(
  broker: RawRequestBroker,
  request: RawRequest<T>,
): Promise<T | null> {
  const { apiKey, apiVersion, apiName, isFlexible, parse } = request;
  const { minVersion, maxVersion } = broker.versions?.[apiKey] ?? NOT_OFFERED;
  if (apiVersion < minVersion || apiVersion > maxVersion) return null;
  // kafkajs writes and reads headers without tagged fields: they go before the body.
  const body = new Encoder();
  if (isFlexible) body.writeUVarInt(NO_TAGGED_FIELDS);
  body.writeEncoder(request.body);
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
