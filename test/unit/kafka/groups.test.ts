import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import { committedOffsets, describeGroup } from '../../../src/kafka/admin/groups.js';
import { KafkaCluster } from '../../../src/kafka/client/cluster.js';
import type { InnerAdmin } from '../../../src/kafka/client/inside/shared-connections.js';
import { LazyConnections } from '../../../src/kafka/client/lazy-connections.js';

/** A cluster whose coordinator gives these answers, one after the other. */
function cluster(answers: readonly (() => Promise<unknown>)[], timeoutMs = 10_000) {
  const options = { brokers: ['127.0.0.1:9'], tls: null, sasl: null, timeoutMs, log: () => null };
  const left = [...answers];
  const next = () => (left.shift() ?? answers.at(-1) ?? refuse('UNKNOWN'))();
  const admin = { fetchOffsets: next, describeGroups: next };
  const inner = {};
  const connections = new LazyConnections(() => ({
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    refreshMetadata: () => Promise.resolve(),
    forCall: () => ({ admin, inner }) as unknown as InnerAdmin,
  }));
  return new KafkaCluster(options, { admin: connections });
}

const refuse = (type: string, code = 0) => {
  // kafkajs declares neither of the two that it gives to its constructor.
  const error = Object.assign(new Error(type), { type, code });
  return () => Promise.reject(new kafkajs.KafkaJSProtocolError(error));
};

const offsets = () =>
  Promise.resolve([{ topic: 't', partitions: [{ partition: 0, offset: '5', metadata: null }] }]);

const describeAs = (protocolType: string, memberAssignment: Buffer) => () =>
  Promise.resolve({
    groups: [
      {
        state: 'Stable',
        protocolType,
        members: [{ clientId: 'a', clientHost: '/127.0.0.1', memberAssignment }],
      },
    ],
  });

describe('the groups of a cluster', () => {
  it('are asked for again while their coordinator moves', async () => {
    const moving = cluster([refuse('NOT_COORDINATOR_FOR_GROUP'), offsets]);
    const five = { offset: 5n, mark: null };
    expect(await committedOffsets(moving, 'g')).toEqual(new Map([['t', new Map([[0, five]])]]));
  });

  it('are given up for another error, or at the timeout', async () => {
    const forbidden = cluster([refuse('GROUP_AUTHORIZATION_FAILED'), offsets]);
    await expect(committedOffsets(forbidden, 'g')).rejects.toThrow(CliError);
    const never = cluster([refuse('NOT_COORDINATOR_FOR_GROUP')], 50);
    await expect(describeGroup(never, 'g')).rejects.toThrow(CliError);
  });

  it('are shown, though an assignor of another program wrote its assignments in a form of its own', async () => {
    for (const bytes of ['00', '0001', '0102', '000100', '00010000000b', 'ffffffffffffffff']) {
      const custom = cluster([describeAs('consumer', Buffer.from(bytes, 'hex'))]);
      const { state, members } = await describeGroup(custom, 'g');
      expect(state).toBe('Stable');
      expect(members).toMatchObject([{ assignment: {}, isAssignmentReadable: false }]);
    }
    const none = cluster([describeAs('consumer', Buffer.alloc(0))]);
    expect((await describeGroup(none, 'g')).members).toMatchObject([
      { assignment: {}, isAssignmentReadable: true },
    ]);
  });

  it('may share out something else than partitions, in bytes of their own', async () => {
    const worker = Buffer.from('00010000000b687474703a2f2f613a3830', 'hex');
    const connect = await describeGroup(cluster([describeAs('connect', worker)]), 'connect-sink');
    expect(connect).toMatchObject({ sharesPartitions: false, members: [{ assignment: {} }] });
  });
});
