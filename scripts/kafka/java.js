import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from './fail.js';

const run = promisify(execFile);

/** Kafka 4 brokers need it. */
const oldestJava = 17;

/** A small heap and a quick start rather than speed later: Kafka answers in under 4 s. */
const smallAndQuick = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/**
 * The path of a Java that can run Kafka: `$JAVA_HOME/bin/java`, else the one on the PATH.
 * Throws SetupError where there is none, or it is too old.
 */
export async function findJava() {
  const home = process.env.JAVA_HOME;
  const java = home ? join(home, 'bin', 'java') : 'java';
  const { stderr } = await run(java, ['-version']).catch((error) => {
    throw new SetupError(
      `Apache Kafka needs Java ${oldestJava} or newer, and ${java} could not be run ` +
        `(${error.code ?? error.message}). Install a JDK or JRE, or set JAVA_HOME.`,
    );
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (!(version >= oldestJava)) {
    throw new SetupError(
      `Apache Kafka needs Java ${oldestJava} or newer; ${java} says: ${stderr.split('\n')[0]}`,
    );
  }
  return java;
}

/** The arguments that make `java` run one of Kafka's classes; logs go to stderr. */
export function javaArguments({ jars, mainClass, logLevel }) {
  return [
    ...smallAndQuick,
    `-Dorg.slf4j.simpleLogger.defaultLogLevel=${logLevel}`,
    '-cp',
    join(jars, '*'),
    mainClass,
  ];
}
