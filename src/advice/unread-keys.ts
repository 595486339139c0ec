import { lagOf, readingOffset, type LagSample } from '../ports/lag-sample.js';
import type { LogReader } from '../ports/log.js';
import { busiestShare, countKeys, sampleSize, spreadRanges } from '../topics/key-sample.js';
import type { AdviceFacts, KeyShare } from './facts.js';

/** More would be of little use: production has 6 to 12. */
const PARTITION_CHOICES = [6, 12, 24];
const KEYS_SHOWN = 10;

/** Which campaigns the unread records belong to: a sample of each partition, weighted by its lag. */
export async function unreadKeys(
  reader: LogReader,
  { partitions }: LagSample,
): Promise<Pick<AdviceFacts, 'unreadKeys' | 'spreads'>> {
  const size = sampleSize(partitions.length);
  const behind = partitions.filter((sample) => readingOffset(sample) < sample.stableEndOffset);
  const ranges = behind.map((sample) => {
    const { topic, partition, stableEndOffset } = sample;
    const from = readingOffset(sample);
    return spreadRanges({ topic, partition, from, to: stableEndOffset }, size);
  });
  // How many unread records each sampled record stands for.
  const weights = new Map(
    behind.map((sample, index) => {
      const looked = (ranges[index] ?? []).reduce((sum, { from, to }) => sum + to - from, 0n);
      return [sample.partition, lagOf(sample) / Number(looked)];
    }),
  );
  const counts = (await countKeys(reader, ranges.flat())).map((found) => ({
    ...found,
    records: found.records * (weights.get(found.partition) ?? 1),
  }));
  const total = counts.reduce((sum, { records }) => sum + records, 0);
  const shares = counts
    .flatMap(({ key, partition, records }): readonly KeyShare[] =>
      key === null ? [] : [{ key: key.toString('utf8'), partition, share: records / total }],
    )
    .sort((a, b) => b.share - a.share);
  const choices = [
    partitions.length,
    ...PARTITION_CHOICES.filter((choice) => choice > partitions.length),
  ];
  const spreads = choices.map((choice) => ({
    partitions: choice,
    busiestShare: busiestShare(counts, choice),
  }));
  return { unreadKeys: shares.slice(0, KEYS_SHOWN), spreads: total === 0 ? [] : spreads };
}
