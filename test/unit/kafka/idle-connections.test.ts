import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import '../../../src/kafka/client/idle-connections.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function newQueue(): RequestQueue {
  return new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1000,
    enforceRequestTimeout: false,
    logger: { debug: () => undefined },
  });
}

function push(queue: RequestQueue, correlationId: number, sent: number[]): void {
  const sendRequest = () => sent.push(correlationId);
  const entry = { correlationId, resolve: () => undefined };
  queue.push({ entry, expectResponse: false, sendRequest });
}

test('a connection without a request that waits sets no timer', () => {
  const queue = newQueue();
  const sent: number[] = [];
  push(queue, 1, sent);
  queue.checkPendingRequests();
  expect(sent).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a request that the broker has asked to hold back is sent in time', () => {
  const queue = newQueue();
  const sent: number[] = [];
  queue.maybeThrottle(100);
  push(queue, 1, sent);
  vi.advanceTimersByTime(99);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(sent).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});
