/** An Apache Kafka that asks who is there, for the tests of one file. */
import { startKafka } from './running-kafka.js';

export interface SecuredKafka {
  /** "host:port" of each listener. */
  readonly plain: string;
  readonly tls: string;
  readonly mutualTls: string;
  readonly saslTls: string;
  readonly sasl: string;
  /** PEM files. The other CA has signed nothing of this broker. */
  readonly caFile: string;
  readonly otherCaFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
  /** Who may do everything, by PLAIN and both SCRAMs. */
  readonly username: string;
  readonly password: string;
  /** Who may do what ACLs allow, by PLAIN: nothing at first. */
  readonly restricted: { readonly username: string; readonly password: string };
  readonly stop: () => Promise<void>;
}

type Access = Omit<SecuredKafka, 'plain' | 'tls' | 'mutualTls' | 'saslTls' | 'sasl' | 'stop'> & {
  readonly brokers: string;
  readonly addresses: Pick<SecuredKafka, 'tls' | 'mutualTls' | 'saslTls' | 'sasl'>;
};

/** Needs Java, its keytool, openssl and Maven. Throws as startKafka does. */
export async function startSecuredKafka(): Promise<SecuredKafka> {
  const { announced, stop } = await startKafka(['--secured']);
  const { brokers, addresses, ...files } = JSON.parse(announced) as Access;
  return { plain: brokers, ...addresses, ...files, stop };
}
