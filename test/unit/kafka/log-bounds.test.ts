import { expect, it } from 'vitest';
import { boundsOf } from '../../../src/kafka/log/log-bounds.js';
import type { InnerCluster, OffsetQuery } from '../../../src/kafka/client/inside/objects.js';

const EARLIEST = -2;
const READ_UNCOMMITTED = 0;

interface Ends {
  readonly highWatermark: number;
  /** What each request in turn is told; the last one goes on. */
  readonly lastStable: readonly number[];
}

/** A cluster with one topic, whose leaders answer each kind of request on its own. */
function clusterWith(partitions: readonly Ends[]) {
  const asked: string[] = [];
  const turns = partitions.map(() => 0);
  const cluster = {
    isolationLevel: undefined as number | undefined,
    fetchTopicsOffset(topics: readonly OffsetQuery[]) {
      const found = topics.map(({ topic, partitions: ids, fromTimestamp }) => ({
        topic,
        partitions: ids.map(({ partition }) => {
          const ends = partitions[partition];
          let offset = 0;
          if (fromTimestamp !== EARLIEST) {
            if (this.isolationLevel === READ_UNCOMMITTED) offset = ends?.highWatermark ?? 0;
            else {
              const turn = turns[partition] ?? 0;
              turns[partition] = turn + 1;
              offset = ends?.lastStable[turn] ?? ends?.lastStable.at(-1) ?? 0;
            }
          }
          return { partition, offset: String(offset) };
        }),
      }));
      asked.push(topics.flatMap((each) => each.partitions.map((p) => p.partition)).join());
      return Promise.resolve(found);
    },
  };
  const bounds = async () =>
    (
      await boundsOf(
        cluster as unknown as InnerCluster,
        new Map([['t', partitions.map((_ends, partition) => partition)]]),
      )
    ).get('t');
  return { bounds, asked };
}

it('an open transaction shows: the last stable offset stays below the high watermark', async () => {
  const { bounds } = clusterWith([{ highWatermark: 7, lastStable: [2] }]);
  expect(await bounds()).toEqual([
    { partition: 0, startOffset: 0n, endOffset: 7n, stableEndOffset: 2n },
  ]);
});

it('records that come between two requests are no open transaction', async () => {
  const { bounds, asked } = clusterWith([
    // The last stable offset was asked for before these records came, and again afterwards.
    { highWatermark: 105, lastStable: [100, 108] },
    // And here they came after the high watermark had been asked for.
    { highWatermark: 105, lastStable: [108] },
    { highWatermark: 105, lastStable: [105] },
  ]);
  const ends = (await bounds())?.map(({ endOffset, stableEndOffset }) => [
    endOffset,
    stableEndOffset,
  ]);
  expect(ends).toEqual([
    [105n, 105n],
    [105n, 105n],
    [105n, 105n],
  ]);
  // All partitions three times, and only the doubtful one once more.
  expect(asked).toEqual(['0,1,2', '0,1,2', '0,1,2', '0']);
});
