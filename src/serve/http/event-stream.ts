/** Server-sent events to one viewer: https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { ServerResponse } from 'node:http';
import type { ViewerEvent } from '../console/console.js';
import type { Answer } from './answer.js';

export interface EventStreamLimits {
  /** What may wait in memory for a client that reads slowly. */
  readonly bufferedBytes: number;
  /** Events that may wait behind the bytes; a client that is further behind is ended, and starts afresh. */
  readonly waitingEvents: number;
}

export const EVENT_STREAM_LIMITS: EventStreamLimits = {
  bufferedBytes: 1024 * 1024,
  waitingEvents: 200,
};

/** When a browser connects again after the stream has ended. */
const RETRY_MS = 1_000;

/** Begins to send; gives what ends it. */
export type Subscribe = (send: (event: ViewerEvent) => void) => () => void;

/** The answer that sends what `subscribe` brings until the client is gone, or `signal` aborts. */
export function eventStream(
  subscribe: Subscribe,
  signal: AbortSignal,
  limits: EventStreamLimits = EVENT_STREAM_LIMITS,
): Answer {
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // Or nginx would keep events back until it has some kilobytes of them.
      'X-Accel-Buffering': 'no',
    },
    body: (response) => {
      const stream = new EventStream(response, limits);
      const end = subscribe((event) => stream.send(event));
      response.once('close', end);
      if (signal.aborted) response.end();
      signal.addEventListener('abort', () => response.end(), { once: true });
    },
  };
}

class EventStream {
  /** What the client is too slow for: of each part of the page the latest, and every point of the charts. */
  readonly #waiting = new Map<string, ViewerEvent>();
  #points = 0;

  constructor(
    private readonly response: ServerResponse,
    private readonly limits: EventStreamLimits,
  ) {
    response.write(`retry: ${RETRY_MS}\n\n`);
    response.on('drain', () => this.#sendWaiting());
  }

  send(event: ViewerEvent): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    if (this.#waiting.size === 0 && this.#hasRoom) this.#write(event);
    else this.#wait(event);
  }

  get #hasRoom(): boolean {
    return this.response.writableLength < this.limits.bufferedBytes;
  }

  #write({ name, json }: ViewerEvent): void {
    this.response.write(`event: ${name}\ndata: ${json}\n\n`);
  }

  #wait(event: ViewerEvent): void {
    const key = event.name === 'point' ? `point ${this.#points++}` : event.name;
    this.#waiting.set(key, event);
    if (this.#waiting.size > this.limits.waitingEvents) this.response.destroy();
  }

  #sendWaiting(): void {
    for (const [key, event] of this.#waiting) {
      if (!this.#hasRoom) return;
      this.#waiting.delete(key);
      this.#write(event);
    }
  }
}
