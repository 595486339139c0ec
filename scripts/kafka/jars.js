// Gets Apache Kafka's jars from Maven Central, once for each version.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SetupError } from './fail.js';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../.kafka', import.meta.url));
const pom = fileURLToPath(new URL('pom.xml', import.meta.url));

/** `KAFKA_VERSION`, else the version that docker-compose.yml has, too. */
export function chosenVersion() {
  return process.env.KAFKA_VERSION || '4.1.1';
}

/**
 * The folder with the jars of this version of Kafka and its tools; downloads them (54 MB) if it is
 * not there. Throws SetupError where Maven is missing or fails.
 */
export async function kafkaJars(version) {
  if (!/^[4-9]\.\d+\.\d+$/.test(version)) {
    throw new SetupError(`KAFKA_VERSION must be 4.0.0 or newer, such as 4.1.1; got "${version}".`);
  }
  return mavenJars({
    what: `Apache Kafka ${version}`,
    folder: version,
    pom,
    properties: { 'kafka.version': version },
    otherwise: 'set COUPONS_TEST_BROKERS to a cluster of your own',
  });
}

/**
 * The path of a folder in the cache with all dependencies of a pom.xml; Maven downloads them if it is
 * not there. The folder appears by a rename, whole or not at all: a download that was broken off
 * leaves nothing that looks finished, and of two at once the second takes the first one's.
 * `what`: for messages; `properties`: of the pom; `otherwise`: what to do without Maven, or nothing.
 * Throws SetupError where Maven is missing or fails.
 */
export async function mavenJars({ what, folder, pom, properties, otherwise }) {
  const jars = join(cache, folder);
  if (existsSync(jars)) return jars;

  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'download-'));
  try {
    await download({ what, pom, properties, otherwise }, unfinished);
    await rename(unfinished, jars).catch((error) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return jars;
}

async function download({ what, pom, properties, otherwise }, target) {
  console.error(`Downloading ${what} from Maven Central...`);
  const settings = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const goal = [...settings, `-DoutputDirectory=${target}`, 'dependency:copy-dependencies'];
  await run('mvn', ['--batch-mode', '--quiet', '--file', pom, ...goal]).catch((error) => {
    if (error.code === 'ENOENT') {
      const or = otherwise === undefined ? '' : `, or ${otherwise}`;
      throw new SetupError(
        `${what} comes from Maven Central, and mvn was not found on the PATH. ` +
          `Install Apache Maven${or}.`,
      );
    }
    throw new SetupError(`Maven could not download ${what}:\n${error.stdout}${error.stderr}`);
  });
}
