/**
 * kafkajs 2.2.4 looks every millisecond, on each connection, whether a request waits to be sent, also
 * where none does: it sets a timer with a negative delay, which Node takes for 1 ms (and says so on stderr
 * from 24 on). A consumer at rest spent most of its processor time on that. A look is due only where a
 * request waits, or the broker has asked to wait for so long.
 */
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const queue = RequestQueue.prototype;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its object below
const { scheduleCheckPendingRequests } = queue;

queue.scheduleCheckPendingRequests = function (this: RequestQueue) {
  const isDue = this.pending.length > 0 || this.throttledUntil > Date.now();
  if (isDue) scheduleCheckPendingRequests.call(this);
};
