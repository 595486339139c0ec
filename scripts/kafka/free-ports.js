import { createServer } from 'node:net';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';

/**
 * Below the ranges from which systems hand out ports on their own (32768 and up on Linux, 49152 on
 * others), so that nobody is given one of these before Kafka listens on it.
 */
const lowest = 20_000;
const highest = 32_000;

/** `count` different ports of 127.0.0.1 that nothing listens on. */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return free;
}
