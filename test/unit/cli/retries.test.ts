import { describe, expect, it } from 'vitest';
import { Retries, type RetriesOptions } from '../../../src/cli/retries.js';
import { CliError, UnreachableError, UsageError } from '../../../src/errors.js';
import { topicNotFound } from '../../../src/ports/topic-errors.js';
import { VirtualClock } from '../../support/clock/virtual.js';

const unreachable = () => new UnreachableError('BROKER_UNREACHABLE', 'No broker answers.');

/** Attempts that fail with these errors in turn, then succeed; null: the last one for ever. */
async function attempts(
  errors: readonly Error[],
  given: Partial<RetriesOptions> & {
    readonly signal?: AbortSignal;
    readonly forEver?: boolean;
  } = {},
  clock = new VirtualClock(),
) {
  const said: string[] = [];
  const notice = { failed: (reason: string) => said.push(reason), over: () => said.push('over') };
  const options = { clock, notice, intervalMs: 500, missingTopicMs: 10_000, ...given };
  const left = [...errors];
  const attempt = () => {
    const error = given.forEver === true && left.length === 1 ? left[0] : left.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  };
  const startMs = clock.now();
  const result = await clock
    .run(new Retries(options).until(attempt, given.signal))
    .catch((error: unknown) => error);
  return { result, said, afterMs: clock.now() - startMs };
}

describe('what a long-running command outlives', () => {
  it('a broker that is away, a leader that moves, a broker that is overloaded', async () => {
    const moving = new CliError('NOT_LEADER_FOR_PARTITION', 'The leader has moved.');
    const { result, said, afterMs } = await attempts([unreachable(), moving, unreachable()]);
    expect(result).toBe('done');
    expect(said).toEqual([
      'No broker answers.',
      'The leader has moved.',
      'No broker answers.',
      'over',
    ]);
    expect(afterMs).toBe(1500);
  });

  it('a topic that is deleted and recreated', async () => {
    const { result } = await attempts(Array.from({ length: 19 }, () => topicNotFound('t')));
    expect(result).toBe('done');
  });
});

describe('what ends it', () => {
  it.each<[string, Error]>([
    ['wrong usage', new UsageError('No.')],
    ['a refused login', new UnreachableError('AUTHENTICATION_FAILED', 'No.')],
    ['a missing right', new CliError('GROUP_AUTHORIZATION_FAILED', 'No.')],
    ['an unknown certificate', new UnreachableError('TLS_FAILED', 'No.')],
    ['a mistake in the program', new TypeError('No.')],
  ])('%s', async (_what, error) => {
    const { result, said } = await attempts([unreachable(), error]);
    expect(result).toBe(error);
    expect(said).toEqual(['No broker answers.']);
  });

  it('a topic that stays deleted', async () => {
    const { result, afterMs } = await attempts([topicNotFound('t')], { forEver: true });
    expect(result).toMatchObject({ code: 'TOPIC_NOT_FOUND' });
    expect(afterMs).toBe(10_000);
  });

  it('its deadline, with the last failure', async () => {
    const clock = new VirtualClock();
    const deadlineMs = clock.now() + 1800;
    const { result, afterMs } = await attempts(
      [unreachable()],
      { forEver: true, deadlineMs },
      clock,
    );
    expect(result).toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(afterMs).toBe(1800);
  });

  it('ctrl-C between two attempts', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    clock.after(1200, () => {
      stop.abort();
    });
    const given = { forEver: true, signal: stop.signal };
    const { result, afterMs } = await attempts([unreachable()], given, clock);
    expect(result).toMatchObject({ code: 'INTERRUPTED' });
    expect(afterMs).toBe(1200);
  });
});
