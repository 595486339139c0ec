/** The source system of test/kafka/spring: spring-kafka and its classes, run with plain Java. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryDir } from '../support/temporary-dir.js';

/** It brings spring-kafka 3.3.11 and Jackson 2.19. */
const SPRING_BOOT_VERSION = '3.5.9';

const cache = fileURLToPath(new URL('../../.kafka', import.meta.url));
const project = fileURLToPath(new URL('spring', import.meta.url));
const run = promisify(execFile);

export interface SpringSystem {
  /** Sends requests of these users with its JsonSerializer. */
  readonly sendRequests: (topic: string, users: Users) => Promise<void>;
  /** Sends dead letters of requests of these users, without a key. */
  readonly sendLetters: (topic: string, users: Users) => Promise<void>;
  /** A line for each record: "coupon user eventId occurredAt". Fails where it can't read one. */
  readonly readRequests: (topic: string) => Promise<readonly string[]>;
  /** A line for each record: "coupon user retryCount lastAttemptAt failureReason". */
  readonly readLetters: (topic: string) => Promise<readonly string[]>;
}

export interface Users {
  readonly couponId: number;
  readonly from: number;
  readonly count: number;
}

/** Needs a JDK (17 or newer) and Maven; the error says which of them is missing. */
export async function buildSpringSystem(brokers: string): Promise<SpringSystem> {
  const jars = join(await springJars(), '*');
  const classes = temporaryDir();
  const sources = readdirSync(join(project, 'src')).map((name) => join(project, 'src', name));
  await tool('javac', ['--release', '17', '-d', classes, '-cp', jars, ...sources]);
  const java = async (command: string, topic: string, ...rest: readonly (string | number)[]) => {
    const args = [command, brokers, topic, ...rest.map(String)];
    const classPath = [classes, jars].join(delimiter);
    const main = 'com.example.coupon.SpringSystem';
    return tool('java', ['-XX:TieredStopAtLevel=1', '-cp', classPath, main, ...args]);
  };
  const lines = async (command: string, topic: string) =>
    (await java(command, topic)).split('\n').filter((line) => line !== '');
  return {
    sendRequests: async (topic, { couponId, from, count }) => {
      await java('send-requests', topic, couponId, from, count);
    },
    sendLetters: async (topic, { couponId, from, count }) => {
      await java('send-letters', topic, couponId, from, count);
    },
    readRequests: (topic) => lines('read-requests', topic),
    readLetters: (topic) => lines('read-letters', topic),
  };
}

/** Downloaded once. The folder appears by a rename, whole or not at all. */
async function springJars(): Promise<string> {
  const jars = join(cache, `spring-boot-${SPRING_BOOT_VERSION}`);
  if (existsSync(jars)) return jars;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'download-'));
  try {
    await tool('mvn', [
      ...['--batch-mode', '--quiet', '--file', join(project, 'pom.xml')],
      ...[`-Dspring-boot.version=${SPRING_BOOT_VERSION}`, `-DoutputDirectory=${unfinished}`],
      'dependency:copy-dependencies',
    ]);
    await rename(unfinished, jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return jars;
}

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

async function tool(name: 'java' | 'javac' | 'mvn', args: readonly string[]): Promise<string> {
  try {
    return (await run(name, args, { maxBuffer: MAX_OUTPUT_BYTES })).stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error(
        `This test needs ${name} on the PATH: install a JDK (17 or newer) and Apache Maven.`,
        { cause: error },
      );
    }
    throw error;
  }
}
