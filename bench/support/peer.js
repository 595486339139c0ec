import { readdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findJava } from '../../scripts/kafka/java.js';
import { mavenJars } from '../../scripts/kafka/jars.js';
import { MODES } from './consume.js';
import { run, start } from './processes.js';

/** It brings spring-kafka 3.3.11, kafka-clients 3.9 and sqlite-jdbc 3.49. */
const SPRING_BOOT_VERSION = '3.5.9';
const project = fileURLToPath(new URL('../spring-peer', import.meta.url));

/** The listener in bench/spring-peer, built: needs a JDK (17 or newer), and Maven the first time. */
export class SpringPeer {
  static name = `Spring Boot ${SPRING_BOOT_VERSION}`;
  #java;
  #classPath;
  #brokers;
  #workspace;
  #runs = 0;

  static async build({ brokers, workspace }) {
    const java = await findJava();
    const jars = await mavenJars({
      what: SpringPeer.name,
      folder: `spring-peer-${SPRING_BOOT_VERSION}`,
      pom: join(project, 'pom.xml'),
      properties: { 'spring-boot.version': SPRING_BOOT_VERSION },
    });
    const classes = join(workspace, 'spring-peer');
    const libraries = join(jars, '*');
    const sources = readdirSync(join(project, 'src')).map((name) => join(project, 'src', name));
    const javac = java === 'java' ? 'javac' : join(dirname(java), 'javac');
    await run(javac, [
      '--release',
      '17',
      '-parameters',
      '-d',
      classes,
      '-cp',
      libraries,
      ...sources,
    ]);
    return new SpringPeer({
      java,
      brokers,
      workspace,
      classPath: [classes, project, libraries].join(delimiter),
    });
  }

  constructor({ java, classPath, brokers, workspace }) {
    this.#java = java;
    this.#classPath = classPath;
    this.#brokers = brokers;
    this.#workspace = workspace;
  }

  /**
   * Reads `count` requests with this stock of each campaign, in a group and a database of its own:
   * `{records, issued, elapsedMs, perSecond, latencyMs, warmLatencyMs}`.
   */
  async drain(options) {
    return this.start(options).measured;
  }

  /** The same, for what happens while it runs: `group`, and `measured` when it has ended. */
  start({ mode, stock, count }) {
    this.#runs += 1;
    const group = `peer-${this.#runs}`;
    const database = join(this.#workspace, `${group}.db`);
    const { ended } = start(this.#java, [
      ...['-Xmx1g', '-cp', this.#classPath, 'peer.SpringPeer', String(MODES[mode].batchSize)],
      `--spring.kafka.bootstrap-servers=${this.#brokers}`,
      ...[`--peer.group=${group}`, `--peer.database=${database}`],
      ...[`--peer.requests=${count}`, `--peer.stock=${stock}`],
    ]);
    const measured = ended.then((output) => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
      return JSON.parse(output.trim().split('\n').at(-1));
    });
    return { group, measured };
  }
}
