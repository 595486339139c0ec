/** An Apache Kafka that asks who is there, for the tests of one file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

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
  /** The one user, by PLAIN and both SCRAMs. */
  readonly username: string;
  readonly password: string;
  stop(): Promise<void>;
}

type Access = Omit<SecuredKafka, 'plain' | 'tls' | 'mutualTls' | 'saslTls' | 'sasl' | 'stop'> & {
  readonly brokers: string;
  readonly addresses: Pick<SecuredKafka, 'tls' | 'mutualTls' | 'saslTls' | 'sasl'>;
};

const script = fileURLToPath(new URL('../../scripts/kafka/run.js', import.meta.url));

/** Needs Java, its keytool, openssl and Maven; throws with the script's own words where one is missing. */
export async function startSecuredKafka(): Promise<SecuredKafka> {
  const child = spawn(process.execPath, [script, '--secured'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const line = await Promise.race([firstLine(child.stdout), exit]);
  if (typeof line !== 'string') throw new Error(`Apache Kafka did not start:\n${stderr}`);
  const { brokers, addresses, ...files } = JSON.parse(line) as Access;
  return {
    plain: brokers,
    ...addresses,
    ...files,
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text);
    });
  });
}
