/** An Apache Kafka for the tests of one file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface RunningKafka {
  /** What scripts/kafka/run.js has printed: its address, or in JSON how to get in. */
  readonly announced: string;
  readonly stop: () => Promise<void>;
}

const script = fileURLToPath(new URL('../../scripts/kafka/run.js', import.meta.url));

/** Needs Java and Maven; throws with the script's own words where one is missing. */
export async function startKafka(args: readonly string[] = []): Promise<RunningKafka> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const announced = await Promise.race([firstLine(child.stdout), exit]);
  if (typeof announced !== 'string') throw new Error(`Apache Kafka did not start:\n${stderr}`);
  return {
    announced: announced.trim(),
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
