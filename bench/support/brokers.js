import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { chosenVersion } from '../../scripts/kafka/jars.js';
import { startKafka } from '../../scripts/kafka/start.js';
import { Coupons } from './coupons.js';

/** Starts Apache Kafka, `KAFKA_VERSION` or the usual version. `overrides`: of server.properties. */
export async function startApacheKafka(overrides) {
  const { brokers, nodes, stop } = await startKafka({ overrides });
  const [{ pid }] = nodes();
  return { name: `Apache Kafka ${chosenVersion()}`, brokers, pid, stop };
}

/** Starts the embedded broker with its data in a folder of `workspace`. */
export async function startEmbedded(workspace) {
  const dataDir = join(workspace, 'embedded-broker');
  mkdirSync(dataDir, { recursive: true });
  const { child, ended } = new Coupons({ dataDir }).start(['broker', 'run', '--port', '0']);
  const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(endedEarly)]);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { name: 'the embedded broker', brokers: JSON.parse(line).address, stop };
}

function endedEarly() {
  throw new Error('The embedded broker has ended before it listened.');
}
