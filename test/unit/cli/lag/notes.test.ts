import { describe, expect, it } from 'vitest';
import { lagDocument } from '../../../../src/cli/lag/document.js';
import type { LagNote } from '../../../../src/lag/notes.js';
import { behind } from '../../advice/facts.js';

const topic = 'coupon-issue-requests';
const group = 'coupon-issue-group';

const inWords = (...notes: LagNote[]) => lagDocument(behind({ notes }));

describe('the notes of lag in words', () => {
  it('are sentences in JSON, with their codes beside them', () => {
    expect(
      inWords(
        { code: 'NO_SUCH_GROUP', group },
        { code: 'DELETED_UNREAD', topic, partition: 0, deletedOffsets: 15n },
      ),
    ).toMatchObject({
      notes: [
        `Group ${group} does not exist: no member ever joined it, and nothing was committed under this name. Its lag counts every record of the topic.`,
        'Partition 0: 15 offsets were deleted before the group read them (by retention, or by `kafka-delete-records`).',
      ],
      noteCodes: ['NO_SUCH_GROUP', 'DELETED_UNREAD'],
    });
  });

  it('name five idle members, and count the rest', () => {
    const idleMembers = Array.from({ length: 7 }, (_unused, index) => ({
      clientId: index === 0 ? '' : `coupons-single-${String(index + 4)}`,
      host: '127.0.0.1',
    }));
    expect(inWords({ code: 'IDLE_MEMBERS', group, members: 10, idleMembers }).notes).toEqual([
      `Group ${group}: 7 of 10 members are idle, with no partition assigned: (no client id), coupons-single-5, coupons-single-6, coupons-single-7, coupons-single-8 and 2 more.`,
    ]);
  });

  it('say that the lag is not reliable where the committed offset is beyond the end', () => {
    const [note] = inWords({
      code: 'COMMITTED_BEYOND_END',
      topic,
      partition: 0,
      committedOffset: 90n,
      endOffset: 20n,
    }).notes;
    expect(note).toMatch(/^Partition 0: the committed offset 90 is beyond the end .*\(20\)/);
  });

  it('say how many records wait behind open transactions, and what ends them', () => {
    const transaction = (partition: number, records: number) => ({
      ...{ topic, partition, records },
      sinceOffset: 12n,
    });
    const note = (...transactions: ReturnType<typeof transaction>[]) =>
      inWords({ code: 'OPEN_TRANSACTION', transactions }).notes[0];
    expect(note(transaction(0, 7))).toBe(
      `7 records wait behind a transaction that is open in ${topic} partition 0 since offset 12. No consumer can read them before it ends. Its producer ends it, or Kafka does after the producer's transaction.timeout.ms (1 minute by default).`,
    );
    expect(note(transaction(0, 1), transaction(1, 500), transaction(2, 600))).toMatch(
      /^1 record waits .* since offset 12, and 1,100 behind 2 open transactions of other partitions\. /,
    );
  });

  it('say that a producer writes timestamps in seconds', () => {
    const [note] = inWords({
      code: 'TIMESTAMP_UNIT',
      topic,
      unit: 'seconds',
      partitions: [0, 2],
    }).notes;
    expect(note).toMatch(/in seconds, where Kafka expects milliseconds \(partitions 0, 2\)/);
  });

  it('name the topic of a partition where the group reads several', () => {
    const offline = { topic: 'order-created-events', partition: 1 };
    const { notes } = lagDocument(
      behind({
        offlinePartitions: [offline],
        notes: [
          { code: 'PARTITION_OFFLINE', ...offline },
          { code: 'HOT_PARTITION', topic, partition: 0, lag: 500, share: 0.999 },
        ],
      }),
    );
    expect(notes[0]).toMatch(/^Partition 1 of order-created-events is offline, without a leader/);
    expect(notes[1]).toMatch(/^Partition 0 of coupon-issue-requests is hot: it holds 99% /);
  });
});
