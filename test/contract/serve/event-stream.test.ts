import { afterEach, describe, expect, it } from 'vitest';
import type { ViewerEvent } from '../../../src/serve/console/console.js';
import {
  EVENT_STREAM_LIMITS,
  eventStream,
  type EventStreamLimits,
} from '../../../src/serve/http/event-stream.js';
import {
  startHttpServer,
  type HttpLimits,
  type RunningHttpServer,
} from '../../../src/serve/http/http-server.js';
import { eventually } from '../../support/eventually.js';
import { RawConnection } from '../../support/console/http-client.js';

let server: RunningHttpServer;
let viewer: RawConnection;
/** The sending end, once the viewer is there. */
let send: ((event: ViewerEvent) => void) | null;

afterEach(async () => {
  viewer.destroy();
  await server.close();
});

/** A viewer who has got what is known at once. */
async function viewing(limits: Partial<EventStreamLimits & HttpLimits> = {}): Promise<void> {
  send = null;
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    flags: { host: '--host', port: '--port' },
    limits,
    routes: [
      {
        method: 'GET',
        path: '/',
        handler: ({ signal }) =>
          eventStream(
            (to) => {
              send = to;
              to({ name: 'site', json: '{"version":"1"}' });
              return () => (send = null);
            },
            signal,
            { ...EVENT_STREAM_LIMITS, ...limits },
          ),
      },
    ],
  });
  viewer = new RawConnection(server.port);
  viewer.send('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await viewer.waitFor(/event: site/);
}

const part = (name: ViewerEvent['name'], version: number, sizeBytes = 300_000): ViewerEvent => ({
  name,
  json: JSON.stringify({ version, filler: 'x'.repeat(sizeBytes) }),
});
const versionsOf = (name: string) =>
  [...viewer.received.matchAll(new RegExp(`event: ${name}\\ndata: {"version":(\\d+)`, 'g'))].map(
    ([, version]) => Number(version),
  );

/** More than the sockets of this machine hold. */
async function untilItPilesUp(limitBytes: number): Promise<number> {
  viewer.socket.pause();
  for (let version = 1; ; version++) {
    send?.(part('group', version));
    // Let the socket take what it will.
    await new Promise((resolve) => setImmediate(resolve));
    if (version * 300_000 > limitBytes) return version;
  }
}

describe('the stream of a viewer', () => {
  it('has each event as one block, and says when to connect again', async () => {
    await viewing();
    send?.({ name: 'beat', json: '{"atMs":1}' });
    await viewer.waitFor(/event: beat/);
    expect(viewer.received).toMatch(/Content-Type: text\/event-stream/);
    expect(viewer.received).toContain('retry: 1000\n\n');
    expect(viewer.received).toContain('event: site\ndata: {"version":"1"}\n\n');
    expect(viewer.received).toContain('event: beat\ndata: {"atMs":1}\n\n');
  });

  it('is given up when the viewer leaves', async () => {
    await viewing();
    viewer.destroy();
    await eventually(() => send === null);
  });

  it('ends with the server', async () => {
    await viewing();
    await server.close();
    // Ended as HTTP ends an answer, not cut off.
    expect(await viewer.untilClosed()).toMatch(/\r\n0\r\n\r\n$/);
    expect(send).toBeNull();
  });

  it('leaves out what a slow viewer had no time for, but never the latest of a part nor a point', async () => {
    await viewing();
    const last = await untilItPilesUp(30_000_000);
    send?.(part('point', 1, 10));
    send?.(part('point', 2, 10));
    send?.(part('audit', 7, 10));
    viewer.socket.resume();
    await viewer.waitFor(/event: audit/);
    const received = versionsOf('group');
    expect(received.at(-1)).toBe(last);
    expect(received.length).toBeLessThan(last);
    expect(versionsOf('point')).toEqual([1, 2]);
    expect(send).not.toBeNull();
  });

  it('ends where the viewer takes nothing any more', async () => {
    await viewing({ stalledMs: 300 });
    await untilItPilesUp(30_000_000);
    await eventually(() => send === null);
  });

  it('ends where the viewer is too far behind, so that it starts afresh', async () => {
    await viewing({ waitingEvents: 20 });
    await untilItPilesUp(30_000_000);
    expect(send).not.toBeNull();
    for (let point = 0; point < 40; point++) send?.(part('point', point, 10));
    await eventually(() => send === null);
  });
});
