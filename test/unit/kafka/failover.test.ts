import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { isUnreachable } from '../../../src/kafka/client/errors.js';
import { throughFailover, within } from '../../../src/kafka/client/failover.js';

const protocol = (type: string): Error =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 0 }));
const refused = () => new kafkajs.KafkaJSConnectionError('refused', { broker: 'b:9092' });

/** Fails so often, then works. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  return () => {
    const error = left.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  };
}

const answering = { timeoutMs: 10_000, refresh: () => Promise.resolve() };

describe('while leaders and coordinators move', () => {
  it('what needs them is done again until it works', async () => {
    const moving = [
      'NOT_COORDINATOR_FOR_GROUP',
      'GROUP_LOAD_IN_PROGRESS',
      'NOT_LEADER_FOR_PARTITION',
    ];
    expect(await throughFailover(answering, failing(...moving.map(protocol)))).toBe('done');
  });

  it('a broker that is down is waited for while another one answers', async () => {
    expect(await throughFailover(answering, failing(refused(), refused()))).toBe('done');
    const refreshing = failing(new Error('asked the one that is down'));
    const found = throughFailover({ ...answering, refresh: refreshing }, failing(refused()));
    expect(await found).toBe('done');
    const noneAnswers = { ...answering, refresh: () => Promise.reject(new Error('all are down')) };
    await expect(throughFailover(noneAnswers, failing(refused()))).rejects.toThrow('all are down');
  });

  it('any other error is told at once, and every one when time is up', async () => {
    const forbidden = failing(protocol('GROUP_AUTHORIZATION_FAILED'));
    await expect(throughFailover(answering, forbidden)).rejects.toThrow('GROUP_AUTHORIZATION');
    const late = { ...answering, timeoutMs: 1 };
    await expect(throughFailover(late, failing(refused()))).rejects.toThrow('refused');
  });

  it('a failure is told when what is tried after it hangs until time is up', async () => {
    const tries = [() => Promise.reject(refused()), () => new Promise<never>(() => undefined)];
    const hanging = throughFailover({ ...answering, timeoutMs: 800 }, async () =>
      tries.shift()?.(),
    );
    await expect(hanging).rejects.toThrow('no other has taken over from it yet: refused');
  });

  it('what replicas have not followed yet is sent again, where that is asked for', async () => {
    const slow = () => failing(protocol('REQUEST_TIMED_OUT'));
    const mending = ['REQUEST_TIMED_OUT'];
    expect(await throughFailover({ ...answering, mending }, slow())).toBe('done');
    await expect(throughFailover(answering, slow())).rejects.toThrow('REQUEST_TIMED_OUT');
  });
});

describe('a broker that does not answer in time', () => {
  it('is as good as down', async () => {
    const late = within(1, new Promise(() => undefined));
    await expect(late).rejects.toThrow('no answer within 0.001 s');
    expect(isUnreachable(await late.catch((error: unknown) => error))).toBe(true);
  });

  it('is waited for until then', async () => {
    expect(await within(10_000, Promise.resolve('answer'))).toBe('answer');
  });
});
