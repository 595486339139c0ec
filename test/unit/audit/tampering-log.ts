import type { Evidence } from './simulated-pipeline.js';
import { decidedRows, pick, remove, toOne, type Tampering } from './tampering.js';

const positions = ({ tables }: Evidence) => tables.positions;

/** Log, DLQ and positions. */
export const LOG_TAMPERINGS: readonly Tampering[] = [
  {
    name: 'a dead letter is lost',
    code: 'LETTER_MISSING',
    tamper: toOne(
      ({ letters }) => letters,
      (row, { letters }) => remove(letters, row),
    ),
  },
  {
    name: 'a dead letter forgets where it came from',
    code: 'LETTER_MISSING',
    tamper: toOne(
      ({ letters }) => letters,
      (row) => (row.headers = { ...row.headers, 'coupon-dlq-origin-offset': Buffer.from('?') }),
    ),
  },
  {
    name: 'the position is moved back',
    code: 'ROW_BEYOND_OFFSET',
    tamper: (evidence, choice) => {
      const row = pick(evidence.tables.outcomes, choice);
      const stored = evidence.tables.positions.find(
        ({ partition }) => partition === row?.position.partition,
      );
      if (row === undefined || stored === undefined) return false;
      stored.nextOffset = row.position.offset;
      return true;
    },
  },
  {
    name: 'the position disagrees with the last record applied',
    code: 'POSITION_INCONSISTENT',
    tamper: toOne(
      positions,
      (row) => (row.lastApplied = { ...row.lastApplied, offset: row.nextOffset }),
    ),
  },
  {
    name: 'the topic ends before the position',
    code: 'POSITION_BEYOND_LOG',
    tamper: toOne(positions, ({ partition, nextOffset }, { bounds }) => {
      const cut = bounds.find((each) => each.partition === partition);
      if (cut !== undefined) cut.endOffset = nextOffset - 1n;
    }),
  },
  {
    name: 'the topic was recreated and has grown as long again',
    code: 'LOG_REPLACED',
    tamper: toOne(positions, ({ lastApplied, partition }, { records }) => {
      for (const record of records) {
        if (record.partition === partition) record.timestamp += 86_400_000n;
      }
      return lastApplied;
    }),
  },
  {
    name: 'a record is gone from the middle of the log',
    code: 'ROW_WITHOUT_RECORD',
    tamper: (evidence, choice) => {
      const { records, tables } = evidence;
      const row = pick(
        tables.outcomes.filter(({ position }) => position.offset > 0n),
        choice,
      );
      const record = records.find(
        ({ partition, offset }) =>
          partition === row?.position.partition && offset === row.position.offset,
      );
      if (record === undefined) return false;
      remove(records, record);
      return true;
    },
  },
  {
    name: 'an outcome lies beyond the end of the log',
    code: 'ROW_BEYOND_LOG',
    tamper: toOne(decidedRows, (row) => (row.position = { ...row.position, offset: 10_000n })),
  },
  {
    name: 'the store has also read another cluster',
    code: 'STORE_OF_ANOTHER_CLUSTER',
    tamper: toOne(positions, (row, { tables }) => {
      tables.positions.push({ ...row, clusterId: 'another-cluster' });
    }),
  },
  {
    name: 'records were deleted before they were read',
    code: 'RECORDS_DELETED_UNREAD',
    tamper: toOne(positions, ({ partition, nextOffset }, { bounds, records }) => {
      const cut = bounds.find((each) => each.partition === partition);
      if (cut === undefined) return;
      cut.startOffset = nextOffset + 1n;
      cut.endOffset = nextOffset + 1n;
      const kept = records.filter((record) => record.partition !== partition);
      records.splice(0, Infinity, ...kept);
    }),
  },
];
