import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { unlessSilent } from '../../../src/kafka/client/silence-timeout.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Connections to a broker that does this with who comes. */
async function broker(serve: (socket: Socket) => void) {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  closing.push(
    () => server.close(),
    () => socket.destroy(),
  );
  await once(socket, 'connect');
  return { socket, connections: { host: '127.0.0.1', port, pool: [{ socket }, {}] } };
}

/** Nothing else of this process runs meanwhile. */
function beBusy(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a broker that owes an answer', () => {
  it('is given up when it says nothing, and named', async () => {
    const { socket, connections } = await broker(() => undefined);
    const hanging: string[] = [];
    const timeout = { limitMs: () => 20, onHanging: (name: string) => hanging.push(name) };
    const answer = unlessSilent(connections, timeout, once(socket, 'data'));
    const name = `127.0.0.1:${String(connections.port)}`;
    await expect(answer).rejects.toThrow(`no answer from ${name} within 0.02 s`);
    expect(hanging).toEqual([name]);
  });

  it('has said something that came while this process was busy', async () => {
    const served: Socket[] = [];
    const { socket, connections } = await broker((client) => served.push(client));
    await eventually(() => served.length === 1);
    const timeout = { limitMs: () => 20, onHanging: () => undefined };
    const answer = unlessSilent(connections, timeout, once(socket, 'data'));
    served[0]?.write('.');
    beBusy(50);
    expect(String(await answer)).toBe('.');
  });

  it('is waited for as long as something comes', async () => {
    const pieces = 20;
    const { socket, connections } = await broker((client) => {
      let sent = 0;
      const slowly = setInterval(() => {
        client.write('.');
        sent += 1;
        if (sent < pieces) return;
        clearInterval(slowly);
        client.end();
      }, 20);
    });
    socket.resume();
    const timeout = { limitMs: () => 200, onHanging: () => undefined };
    await unlessSilent(connections, timeout, once(socket, 'end'));
    expect(socket.bytesRead).toBe(pieces);
  });
});
