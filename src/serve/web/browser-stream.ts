/** The stream over the browser's EventSource. */
import type { ConsoleEventName } from '../console/wire/events.js';
import type { StreamPorts } from './stream.js';

const STREAM = '/api/stream';
/** A probe that hangs must not keep the stream from connecting again. */
const PROBE_TIMEOUT_MS = 5000;

export function browserStream(names: readonly ConsoleEventName[]): StreamPorts {
  return {
    open(handlers) {
      const source = new EventSource(STREAM);
      source.addEventListener('error', () => handlers.error());
      for (const name of names) {
        source.addEventListener(name, ({ data }: MessageEvent<string>) =>
          handlers.event(name, data),
        );
      }
      return source;
    },
    // EventSource does not say why it could not connect.
    probe: () =>
      fetch('/', { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
        ({ status }) => status,
        () => null,
      ),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
