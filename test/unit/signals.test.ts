import { describe, expect, it } from 'vitest';
import { Signals } from '../../src/signals.js';

function listening() {
  const exits: number[] = [];
  return { signals: new Signals((code) => exits.push(code)), exits };
}

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends what has no graceful stop, and asks what has one to stop',
    (signal) => {
      const { signals, exits } = listening();
      signals.received(signal);
      expect(exits).toEqual([130]);

      const running = listening();
      const stop = running.signals.graceful();
      running.signals.received(signal);
      expect([stop.aborted, running.exits]).toEqual([true, []]);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('%s as the second one ends it', (signal) => {
    const { signals, exits } = listening();
    signals.graceful();
    signals.received('SIGHUP');
    signals.received(signal);
    expect(exits).toEqual([130]);
  });

  it('SIGHUP comes twice from one terminal that is closed: the stop goes on', () => {
    const { signals, exits } = listening();
    signals.graceful();
    signals.received('SIGHUP');
    signals.received('SIGHUP');
    expect(exits).toEqual([]);
  });

  it('ends a command that is done, while its output is still being read', () => {
    const { signals, exits } = listening();
    const stop = signals.graceful();
    signals.commandEnded();
    signals.received('SIGINT');
    expect([stop.aborted, exits]).toEqual([false, [130]]);
  });
});
