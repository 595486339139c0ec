// Starts Apache Kafka (KRaft) on 127.0.0.1 with a data directory that lives as long as it does.
import { spawn } from 'node:child_process';
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { SetupError } from './fail.js';
import { freePorts } from './free-ports.js';
import { findJava, javaArguments } from './java.js';
import { chosenVersion, kafkaJars } from './jars.js';
import { serverProperties } from './node-configuration.js';
import { secureListeners, securedListenerCount } from './secured.js';

const startDeadlineMs = 90_000;
const pollMs = 100;

/**
 * Starts a cluster and resolves when every broker is in its metadata.
 *
 * `nodes`: how many brokers (1, or 3 for a real replication factor 3). `version`: of Kafka.
 * `ports`: those of the brokers, free ones by default. `overrides`: server.properties settings.
 * `secured`: one broker that listens with TLS and SASL as well.
 * Gives `brokers` ("127.0.0.1:9092,..."), `access` to the secured listeners, null without them
 * (secured.js has its fields), `nodes()`, the brokers as they run now (`{id, address, pid}`),
 * `ended`, which resolves when the last broker has ended, `restart(id)`, which starts a broker that has
 * ended with its old data and resolves when every broker is in the metadata (a dead one stays there for
 * some 9 s), and `stop()`, which ends them all and removes the data. If this process ends first, by
 * whatever but SIGKILL, the same is done.
 * Throws SetupError where Java or Maven is missing, or Kafka does not come up.
 */
export async function startKafka({
  nodes = 1,
  version = chosenVersion(),
  ports,
  overrides,
  secured = false,
} = {}) {
  if (secured && nodes !== 1) throw new SetupError('A secured cluster has one broker.');
  const java = await findJava();
  const jars = await kafkaJars(version);
  const free = await freePorts(2 * nodes + securedListenerCount);
  const plan = Array.from({ length: nodes }, (_, index) => ({
    id: index + 1,
    port: ports?.[index] ?? free[index],
    controllerPort: free[nodes + index],
  }));

  const cluster = new Cluster({ java, jars });
  try {
    const security = secured ? await cluster.secure(free.slice(2 * nodes)) : null;
    await cluster.format(plan, overrides, security ?? undefined);
    for (const node of plan) cluster.start(node);
    const brokers = plan.map((node) => `127.0.0.1:${node.port}`).join();
    await cluster.answers(brokers, nodes);
    return {
      brokers,
      access: security?.access ?? null,
      nodes: () => plan.map(({ id, port }) => cluster.node(id, port)),
      ended: cluster.allEnded(),
      restart: async (id) => {
        cluster.start(plan.find((node) => node.id === id));
        await cluster.answers(brokers, nodes);
      },
      stop: () => cluster.stop(),
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

class Cluster {
  /** Every Java process, also those that have ended: `{mainClass, nodeId, child, logFile, exited}`. */
  #processes = [];
  #directory = mkdtempSync(join(tmpdir(), 'coupons-kafka-'));
  #java;
  #jars;

  #onExit = () => {
    this.#kill();
    this.#removeData();
  };
  /** Turns a signal into an exit, and with it into #onExit. */
  #onSignal = (signal) => process.exit(128 + constants.signals[signal]);

  constructor({ java, jars }) {
    this.#java = java;
    this.#jars = jars;
    process.once('exit', this.#onExit);
    for (const signal of endingSignals) process.once(signal, this.#onSignal);
  }

  get brokers() {
    return this.#processes.filter(({ mainClass }) => mainClass === 'kafka.Kafka');
  }

  /** What secured listeners on these ports need. */
  secure(ports) {
    const directory = join(this.#directory, 'certificates');
    return secureListeners({ java: this.#java, directory, ports });
  }

  /** Writes every node's configuration and formats its storage, as `kafka-storage format` does. */
  async format(nodes, overrides, { listeners, settings, formatArguments = [] } = {}) {
    // Not random to the last bit: an id must not begin with '-'.
    const clusterId = Buffer.of(0, ...randomBytes(15)).toString('base64url');
    const formatting = nodes.map((node) => {
      mkdirSync(this.#path(node));
      const logDir = this.#path(node, 'data');
      const configuration = this.#path(node, 'server.properties');
      const all = { ...settings, ...overrides };
      const properties = serverProperties({ node, nodes, logDir, listeners, overrides: all });
      writeFileSync(configuration, properties);
      const args = ['format', '--cluster-id', clusterId, '--config', configuration];
      return this.#run(node, 'kafka.tools.StorageTool', [...args, ...formatArguments]);
    });
    for (const { exited, logFile } of formatting) {
      const [code] = await exited;
      if (code !== 0) {
        throw new SetupError(`Apache Kafka could not format its storage:\n${tail(logFile)}`);
      }
    }
  }

  start(node) {
    this.#run(node, 'kafka.Kafka', [this.#path(node, 'server.properties')]);
  }

  /** The broker's process: the latest one where it was restarted. */
  node(id, port) {
    const { child } = this.brokers.findLast((broker) => broker.nodeId === id);
    return { id, address: `127.0.0.1:${port}`, pid: child.pid };
  }

  /** Resolves when no broker runs. One that is restarted while others run counts. */
  async allEnded() {
    let running = this.brokers;
    while (running.length > 0) {
      await Promise.all(running.map(({ exited }) => exited));
      running = this.brokers.filter(({ child }) => isRunning(child));
    }
  }

  /** Resolves when `expected` brokers are in the metadata that clients get. */
  async answers(brokers, expected) {
    const deadline = Date.now() + startDeadlineMs;
    const kafka = new Kafka({
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    });
    while ((await countBrokers(kafka)) < expected) {
      const latest = new Map(this.brokers.map((broker) => [broker.nodeId, broker]));
      const ended = [...latest.values()].find(({ child }) => !isRunning(child));
      if (ended) {
        throw new SetupError(`Apache Kafka ended while starting:\n${tail(ended.logFile)}`);
      }
      if (Date.now() > deadline) {
        const logs = this.brokers.map(({ logFile }) => tail(logFile)).join('\n');
        throw new SetupError(
          `Apache Kafka did not answer within ${startDeadlineMs / 1000} s:\n${logs}`,
        );
      }
      await delay(pollMs);
    }
  }

  async stop() {
    this.#kill();
    await Promise.all(this.#processes.map(({ exited }) => exited));
    this.#removeData();
    process.off('exit', this.#onExit);
    for (const signal of endingSignals) process.off(signal, this.#onSignal);
  }

  #path(node, ...names) {
    return join(this.#directory, `node-${node.id}`, ...names);
  }

  /** Runs one of Kafka's classes; what it prints is kept for the error message. */
  #run(node, mainClass, args) {
    const logFile = this.#path(node, `${mainClass}.log`);
    const log = openSync(logFile, 'w');
    const java = javaArguments({ jars: this.#jars, mainClass, logLevel: 'warn' });
    const child = spawn(this.#java, [...java, ...args], { stdio: ['ignore', log, log] });
    closeSync(log);
    const started = { mainClass, nodeId: node.id, child, logFile, exited: once(child, 'exit') };
    this.#processes.push(started);
    return started;
  }

  /** The data goes with the process, so there is nothing that a gentle end would save. */
  #kill() {
    for (const { child } of this.#processes) child.kill('SIGKILL');
  }

  #removeData() {
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

function isRunning(child) {
  return child.exitCode === null && child.signalCode === null;
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** How many brokers the cluster's metadata holds; 0 while it does not answer. */
async function countBrokers(kafka) {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length;
  } catch {
    return 0;
  } finally {
    await admin.disconnect();
  }
}

/** The last lines of a log, without the stack frames, which would hide what it says. */
function tail(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => !/^\s+(at|\.\.\.) /.test(line))
    .slice(-20)
    .join('\n');
}
