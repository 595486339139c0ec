import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { CliError, UnreachableError } from '../../../src/errors.js';
import {
  Deadline,
  NoBrokerAnswers,
  perform,
  unlessAborted,
  WHILE_MOVING,
  withinLimit,
  type KafkaCall,
  type Retry,
} from '../../../src/kafka/client/call.js';
import { isUnreachable } from '../../../src/kafka/client/errors.js';
import { VirtualClock } from '../../support/clock/virtual.js';

const protocol = (type: string): Error =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 0 }));
const refused = () => new kafkajs.KafkaJSConnectionError('refused', { broker: 'b:9092' });
const never = () => new Promise<never>(() => undefined);

/** Fails so often, then works. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  return () => {
    const error = left.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  };
}

interface Situation extends Partial<Omit<KafkaCall, 'deadline'>> {
  readonly limitMs?: number;
  readonly refresh?: () => Promise<unknown>;
}

/** Performs a call in virtual time, on a cluster that answers. */
function called<T>(situation: Situation, work: (signal: AbortSignal) => Promise<T>) {
  const clock = new VirtualClock(0);
  const { limitMs = 10_000, refresh = () => Promise.resolve(), ...rest } = situation;
  const deadline = new Deadline(limitMs, clock);
  const call = { doing: 'testing', deadline, ...rest };
  const timedOut = () => new UnreachableError('BROKER_TIMEOUT', 'time is up');
  const result = perform(call, { refresh, timedOut, clock }, work);
  return { clock, result: clock.run(result) };
}

const moving: Situation = { retry: WHILE_MOVING };

describe('a call that is retried while leaders and coordinators move', () => {
  it('is done again until it works', async () => {
    const types = [
      'NOT_COORDINATOR_FOR_GROUP',
      'GROUP_LOAD_IN_PROGRESS',
      'NOT_LEADER_FOR_PARTITION',
    ];
    const { result, clock } = called(moving, failing(...types.map(protocol)));
    expect(await result).toBe('done');
    expect(clock.now()).toBe(600);
  });

  it('waits for a broker that is down while another one answers', async () => {
    expect(await called(moving, failing(refused(), refused())).result).toBe('done');
    const onceRefused = failing(refused());
    expect(await called({ ...moving, refresh: onceRefused }, failing(refused())).result).toBe(
      'done',
    );
  });

  it('ends when no broker answers at all', async () => {
    const refresh = () => Promise.reject(new NoBrokerAnswers(refused()));
    const asked = called({ ...moving, refresh }, failing(protocol('LEADER_NOT_AVAILABLE')));
    await expect(asked.result).rejects.toThrow('refused');
    const connecting = called(moving, () => Promise.reject(new NoBrokerAnswers(refused())));
    await expect(connecting.result).rejects.toThrow('refused');
    expect(connecting.clock.now()).toBe(0);
  });

  it('goes on through that where it is asked to', async () => {
    const retry: Retry = { ...WHILE_MOVING, whileUnreachable: true };
    const none = () => new NoBrokerAnswers(refused());
    const patient = called({ retry, limitMs: Infinity }, failing(none(), none(), none()));
    expect(await patient.result).toBe('done');
    expect(patient.clock.now()).toBe(3000);
    const late = called({ retry }, () => Promise.reject(none()));
    await expect(late.result).rejects.toThrow('refused');
    expect(late.clock.now()).toBe(10_000);
  });

  it('throws any other error at once', async () => {
    const forbidden = called(moving, failing(protocol('GROUP_AUTHORIZATION_FAILED')));
    await expect(forbidden.result).rejects.toThrow('GROUP_AUTHORIZATION');
    expect(forbidden.clock.now()).toBe(0);
  });

  it('throws the last failure when its time is up, which names the broker', async () => {
    const late = called(moving, () => Promise.reject(refused()));
    await expect(late.result).rejects.toThrow(
      'no other broker has taken over its partitions yet: refused',
    );
    const tries = [() => Promise.reject(protocol('LEADER_NOT_AVAILABLE')), never];
    const hanging = called(moving, async () => tries.shift()?.());
    await expect(hanging.result).rejects.toThrow('LEADER_NOT_AVAILABLE');
    expect(hanging.clock.now()).toBe(10_000);
  });
});

describe('a call that may not be done twice', () => {
  it('is not retried', async () => {
    await expect(called({}, failing(refused())).result).rejects.toThrow('refused');
  });
});

describe('a call that is over', () => {
  /** Tries for ever, and counts; sees its signal. */
  function counting() {
    const seen: { tries: number; signal: AbortSignal | null } = { tries: 0, signal: null };
    const work = (signal: AbortSignal) => {
      seen.tries += 1;
      seen.signal = signal;
      return Promise.reject(refused());
    };
    return { seen, work };
  }

  it('by its deadline does not go on in the background', async () => {
    const { seen, work } = counting();
    const { result, clock } = called({ ...moving, limitMs: 500 }, work);
    await expect(result).rejects.toThrow(CliError);
    expect(seen.signal?.aborted).toBe(true);
    const triesBefore = seen.tries;
    await clock.run(clock.wait(60_000));
    expect(seen.tries).toBe(triesBefore);
  });

  it('by its deadline says so where nothing failed before', async () => {
    const silent = called({ limitMs: 500 }, never);
    await expect(silent.result).rejects.toMatchObject({ code: 'BROKER_TIMEOUT' });
  });

  it('by the signal of its caller ends at once, with the reason or as interrupted', async () => {
    const { seen, work } = counting();
    const stop = new AbortController();
    const stopped = called({ ...moving, signal: stop.signal, limitMs: Infinity }, (signal) => {
      if (seen.tries === 3) stop.abort();
      return work(signal);
    });
    await expect(stopped.result).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect([seen.tries, seen.signal?.aborted]).toEqual([4, true]);
    const given = AbortSignal.abort(new CliError('MINE', 'mine'));
    const work2 = counting();
    const before = called({ signal: given }, work2.work);
    await expect(before.result).rejects.toMatchObject({ code: 'MINE' });
    expect(work2.seen.tries).toBe(0);
  });

  it('because it is done keeps its signal unaborted', async () => {
    const stop = new AbortController();
    let own: AbortSignal | null = null;
    const { result, clock } = called({ signal: stop.signal }, (signal) => {
      own = signal;
      return Promise.resolve('done');
    });
    await result;
    stop.abort();
    await clock.run(clock.wait(60_000));
    expect(own).toMatchObject({ aborted: false });
  });
});

it('several calls may share a deadline', async () => {
  const clock = new VirtualClock(0);
  const deadline = new Deadline(1000, clock);
  await clock.run(clock.wait(400));
  expect(deadline.remainingMs()).toBe(600);
  await clock.run(clock.wait(1000));
  expect(deadline.remainingMs()).toBe(0);
  expect(new Deadline(Infinity, clock).remainingMs()).toBe(Infinity);
});

describe('a step with a limit of its own', () => {
  it('takes a broker that does not answer by then for one that is down', async () => {
    let own: AbortSignal | null = null;
    const late = withinLimit(1, (signal) => {
      own = signal;
      return never();
    });
    await expect(late).rejects.toThrow('no answer within 0.001 s');
    expect(isUnreachable(await late.catch((error: unknown) => error))).toBe(true);
    expect(own).toMatchObject({ aborted: true });
  });

  it('is waited for until then, or until its call is over', async () => {
    expect(await withinLimit(10_000, () => Promise.resolve('answer'))).toBe('answer');
    const call = AbortSignal.abort(new Error('over'));
    await expect(withinLimit(10_000, never, call)).rejects.toThrow('over');
  });
});

it('nothing is asked any more once a signal has aborted', async () => {
  let asked = 0;
  const ask = () => {
    asked += 1;
    return never();
  };
  const stop = new AbortController();
  const answer = unlessAborted(stop.signal, ask);
  stop.abort(new Error('over'));
  await expect(answer).rejects.toThrow('over');
  await expect(unlessAborted(stop.signal, ask)).rejects.toThrow('over');
  expect(asked).toBe(1);
});
