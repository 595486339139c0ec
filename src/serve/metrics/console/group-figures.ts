import { groupBy } from '../../../group-by.js';
import type { GroupData, LagStatusName, PartitionData } from '../../console/wire/group.js';
import { sample, samplesOf, single, type Figure } from './figure.js';

const STATUSES = {
  OK: 'OK',
  CAUTION: 'CAUTION',
  WARNING: 'WARNING',
  STALLED: 'STALLED',
  STOPPED: 'STOPPED',
  UNKNOWN: 'UNKNOWN',
} as const satisfies { readonly [Status in LagStatusName]: Status };

/**
 * The lag of the group, under the names and labels of kafka_exporter (github.com/danielqsj/kafka_exporter), so that
 * dashboards made for it work. Two differences: a partition without a committed offset has no
 * kafka_consumergroup_current_offset (there: -1), and its lag is counted from the first record (there: -1), as
 * `coupons lag` counts it.
 */
export function groupFigures(data: GroupData): readonly Figure[] {
  return [
    ...topicFigures(data.partitions),
    ...offsetFigures(data),
    {
      name: 'kafka_consumergroup_members',
      help: 'Members of the consumer group.',
      samples: [sample({ consumergroup: data.group }, data.memberCount)],
    },
    {
      name: 'coupons_lag_status',
      help: 'Status of the lag as coupons lag shows it: 1 for the present status, 0 for the others.',
      samples: Object.values(STATUSES).map((status) =>
        sample({ status }, status === data.status ? 1 : 0),
      ),
    },
    single(
      'coupons_lag_eta_seconds',
      'Time until the lag is 0 at the present rate. Absent where the lag does not fall.',
      data.etaSeconds,
    ),
  ];
}

function topicFigures(partitions: readonly PartitionData[]): readonly Figure[] {
  const topics = [...groupBy(partitions, ({ topic }) => topic)];
  const labelsOf = ({ topic, partition }: PartitionData) => ({
    topic,
    partition: String(partition),
  });
  return [
    {
      name: 'kafka_topic_partitions',
      help: 'Partitions of the topic.',
      samples: topics.map(([topic, { length }]) => sample({ topic }, length)),
    },
    {
      name: 'kafka_topic_partition_current_offset',
      help: 'Log end offset: the offset that the next record of the partition gets.',
      samples: samplesOf(partitions, labelsOf, ({ endOffset }) => numberOf(endOffset)),
    },
    {
      name: 'kafka_topic_partition_oldest_offset',
      help: 'Log start offset: the offset of the oldest record that the partition still has.',
      samples: samplesOf(partitions, labelsOf, ({ startOffset }) => numberOf(startOffset)),
    },
  ];
}

function offsetFigures({ group, partitions }: GroupData): readonly Figure[] {
  const labelsOf = ({ topic, partition }: PartitionData) => ({
    consumergroup: group,
    topic,
    partition: String(partition),
  });
  return [
    {
      name: 'kafka_consumergroup_current_offset',
      help: 'Offset that the consumer group has committed for the partition.',
      samples: samplesOf(partitions, labelsOf, ({ committedOffset }) => numberOf(committedOffset)),
    },
    {
      name: 'kafka_consumergroup_lag',
      help: 'Records of the partition that the consumer group has not consumed yet.',
      samples: samplesOf(partitions, labelsOf, ({ lag }) => lag),
    },
    {
      name: 'kafka_consumergroup_lag_sum',
      help: 'Records of the topic that the consumer group has not consumed yet.',
      samples: samplesOf(
        [...groupBy(partitions, ({ topic }) => topic)],
        ([topic]) => ({ consumergroup: group, topic }),
        ([, each]) => sumOfKnown(each.map(({ lag }) => lag)),
      ),
    },
    {
      name: 'coupons_time_lag_seconds',
      help: 'How long the oldest record of the partition that is not consumed yet has waited.',
      samples: samplesOf(partitions, labelsOf, ({ timeLagMs }) =>
        timeLagMs === null ? null : timeLagMs / 1000,
      ),
    },
  ];
}

/** A metric is a double: beyond 2^53 an offset loses its last digits. */
function numberOf(offset: string | null): number | null {
  return offset === null ? null : Number(offset);
}

/** Null where none is known. */
function sumOfKnown(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((each) => each !== null);
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
}
