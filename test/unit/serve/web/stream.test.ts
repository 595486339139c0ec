import { describe, expect, it } from 'vitest';
import {
  DEAD_AFTER_MS,
  reconnectDelayMs,
  STALE_AFTER_MS,
  Stream,
  type StreamHandlers,
  type StreamState,
} from '../../../../src/serve/web/stream.js';

/** A server and a clock that do what a test says. */
class World {
  readonly states: StreamState[] = [];
  readonly events: string[] = [];
  readonly connections: { readonly handlers: StreamHandlers; isOpen: boolean }[] = [];
  status: number | null = 200;
  #nowMs = 0;
  #timers = new Map<number, { readonly atMs: number; readonly run: () => void }>();
  #timerId = 0;
  readonly stream = new Stream(
    {
      open: (handlers) => {
        const connection = { handlers, isOpen: true };
        this.connections.push(connection);
        return { close: () => (connection.isOpen = false) };
      },
      probe: () => Promise.resolve(this.status),
      after: (delayMs, run) => {
        const id = (this.#timerId += 1);
        this.#timers.set(id, { atMs: this.#nowMs + delayMs, run });
        return () => this.#timers.delete(id);
      },
    },
    { event: (name) => this.events.push(name), state: (state) => this.states.push(state) },
  );

  get latest(): StreamHandlers {
    const latest = this.connections.at(-1);
    if (latest === undefined) throw new Error('Nothing was opened.');
    return latest.handlers;
  }

  beat(): void {
    this.latest.event('beat', '{}');
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [id, { atMs, run }] of this.#timers) {
      if (atMs <= this.#nowMs && this.#timers.delete(id)) run();
    }
  }

  /** The connection breaks, and the probe answers. */
  async breaks(): Promise<void> {
    this.latest.error();
    await Promise.resolve();
    await Promise.resolve();
  }
}

function connected(): World {
  const world = new World();
  world.stream.connect();
  world.beat();
  return world;
}

describe('the stream of the page', () => {
  it('is live with the first event, and hands it on', () => {
    const world = connected();
    expect(world.states).toEqual(['live']);
    expect(world.events).toEqual(['beat']);
  });

  it('is stale when nothing comes for a while, and live again with the next event', () => {
    const world = connected();
    world.pass(STALE_AFTER_MS - 1);
    expect(world.states).toEqual(['live']);
    world.pass(1);
    world.beat();
    expect(world.states).toEqual(['live', 'stale', 'live']);
  });

  it('opens a new connection where the old one has been silent for long', async () => {
    const world = connected();
    world.pass(STALE_AFTER_MS);
    world.pass(DEAD_AFTER_MS - STALE_AFTER_MS);
    await Promise.resolve();
    await Promise.resolve();
    world.pass(reconnectDelayMs(1));
    expect(world.states).toEqual(['live', 'stale', 'lost']);
    expect(world.connections.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  it('gives up a connection over which nothing ever came', async () => {
    const world = new World();
    world.stream.connect();
    world.pass(DEAD_AFTER_MS);
    await Promise.resolve();
    await Promise.resolve();
    world.pass(reconnectDelayMs(1));
    expect(world.connections.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  it('reconnects after a broken connection, less often the longer there is no server', async () => {
    const world = connected();
    world.status = null;
    for (const delayMs of [1000, 2000, 4000, 8000, 10_000, 10_000]) {
      const before = world.connections.length;
      await world.breaks();
      world.pass(delayMs - 1);
      expect(world.connections).toHaveLength(before);
      world.pass(1);
      expect(world.connections).toHaveLength(before + 1);
    }
    world.beat();
    expect(world.states).toEqual(['live', 'lost', 'live']);
    await world.breaks();
    world.pass(1000);
    expect(world.connections).toHaveLength(8);
  });

  it('says that the viewer is signed out, and goes on trying, for another tab may sign in', async () => {
    const world = connected();
    world.status = 401;
    await world.breaks();
    world.pass(1000);
    await world.breaks();
    expect(world.states.filter((state) => state === 'signed-out')).toHaveLength(1);
    world.pass(2000);
    world.beat();
    expect(world.states.at(-1)).toBe('live');
  });

  it('ignores what a closed connection still reports', async () => {
    const world = connected();
    const old = world.latest;
    await world.breaks();
    old.event('group', '{}');
    old.error();
    expect(world.events).toEqual(['beat']);
    expect(world.states).toEqual(['live', 'lost']);
  });
});
