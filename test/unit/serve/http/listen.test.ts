import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { listen } from '../../../../src/serve/http/listen.js';

/** A server whose port the system refuses so. */
function refusing(code: string) {
  const server = createServer();
  server.listen = () => {
    queueMicrotask(() => server.emit('error', Object.assign(new Error(code), { code })));
    return server;
  };
  return server;
}

it.each([
  ['EADDRINUSE', 'PORT_IN_USE', '--metrics-port 0 for a free one'],
  ['EACCES', 'PORT_NOT_ALLOWED', 'above 1023 with --metrics-port'],
  ['EADDRNOTAVAIL', 'HOST_NOT_AVAILABLE', 'Give --metrics-host an address of this machine'],
])('a port that is refused as %s is %s', async (system, code, hint) => {
  const flags = { host: '--metrics-host', port: '--metrics-port' };
  const listening = listen(refusing(system), { host: '127.0.0.1', port: 80, flags });
  await expect(listening).rejects.toMatchObject({
    ...{ code, exitCode: 1, hint: expect.stringContaining(hint) as string },
  });
});
