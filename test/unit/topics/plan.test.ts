import { describe, expect, it } from 'vitest';
import type { TopicSpec } from '../../../src/coupon/topics.js';
import { differencesOf } from '../../../src/topics/plan.js';
import type { TopicDescription } from '../../../src/ports/cluster-admin.js';

const SPEC: TopicSpec = { name: 't', partitions: 3, replicationFactor: 3, config: {} };

function topic(...replicas: readonly (readonly number[])[]): TopicDescription {
  return {
    name: 't',
    replicationFactor: Math.min(...replicas.map(({ length }) => length)),
    config: {},
    effectiveConfig: {},
    partitions: replicas.map((ids, partition) => ({
      partition,
      leader: ids[0] ?? null,
      replicas: ids,
      isr: ids,
      startOffset: 0n,
      endOffset: 0n,
      stableEndOffset: 0n,
    })),
  };
}

const fixOf = (existing: TopicDescription, brokers: readonly number[], factor = 3) =>
  differencesOf({ ...SPEC, replicationFactor: factor }, existing, {
    bootstrap: 'b:1',
    brokers,
  }).map(({ fix }) => fix);

describe('what fixes too few replicas', () => {
  it('is a command with every replica, the leaders as they are and the load spread', () => {
    const [fix] = fixOf(topic([2], [4], [1]), [1, 2, 3, 4]);
    const [, json = '', file = ''] =
      /^echo '(.*)' > (\S+) && kafka-reassign-/.exec(fix ?? '') ?? [];
    expect(JSON.parse(json)).toEqual({
      version: 1,
      partitions: [
        { topic: 't', partition: 0, replicas: [2, 1, 3] },
        { topic: 't', partition: 1, replicas: [4, 2, 3] },
        { topic: 't', partition: 2, replicas: [1, 4, 2] },
      ],
    });
    expect(fix).toContain(`--reassignment-json-file ${file} --execute`);
  });

  it('names only the partitions that have too few', () => {
    const [fix = ''] = fixOf(topic([1, 2, 3], [2], [3, 1, 2]), [1, 2, 3]);
    expect(fix.match(/"partition":\d/g)).toEqual(['"partition":1']);
  });

  it('comes before partitions are added, which get as many as there are then', () => {
    const differences = differencesOf(SPEC, topic([1]), { bootstrap: 'b:1', brokers: [1, 2, 3] });
    expect(differences.map(({ property }) => property)).toEqual([
      'replicationFactor',
      'partitions',
    ]);
  });

  it('is nothing where there are not enough brokers, or more replicas already', () => {
    expect(fixOf(topic([1], [1], [1]), [1, 2])).toEqual([
      expect.stringContaining('2 of the 3 brokers'),
    ]);
    expect(fixOf(topic([1, 2], [1, 2], [2, 1]), [1, 2], 1)).toEqual([
      expect.stringMatching(/^nothing: more replicas are safer/),
    ]);
  });
});
