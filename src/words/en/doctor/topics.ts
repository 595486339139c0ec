import type { TopicFinding } from '../../../doctor/check.js';
import { counted } from '../../../text/figures.js';
import type { Words } from '../../in-words.js';
import { partitionList } from '../listed.js';
import { fine, type CheckText } from './text.js';

const DESCRIBE_TOPIC = 'coupons topics describe';

export const TOPICS: Words<TopicFinding, CheckText> = {
  TOPICS_FAILED: ({ failure }) => ({ detail: failure.message, fix: failure.hint }),
  TOPIC_MISSING: ({ profile }) => ({
    detail: 'does not exist',
    fix: `coupons topics create --profile ${profile}`,
  }),
  TOPIC_OFFLINE: ({ topic, partitions }) => ({
    detail: `${partitionList(partitions)} without a leader`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_LEADER_SILENT: ({ topic, partitions }) => ({
    detail: `${partitionList(partitions)}: the leader does not answer`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_REPLICAS_SILENT: ({ topic, brokers }) => ({
    detail: `replicas on ${brokers.length === 1 ? 'broker' : 'brokers'} ${brokers.join(', ')}, which ${brokers.length === 1 ? 'leads' : 'lead'} partitions of other topics and ${brokers.length === 1 ? 'does' : 'do'} not answer`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_REFUSES_WRITES: ({ topic, partitions }) => ({
    detail: `${partitionList(partitions)} with fewer in-sync replicas than min.insync.replicas: writes are refused`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_UNDER_REPLICATED: ({ topic, partitions }) => ({
    detail: `${partitionList(partitions)} under-replicated`,
    fix: `${DESCRIBE_TOPIC} ${topic}`,
  }),
  TOPIC_DIFFERS: ({ profile, differences }) => ({
    detail: `differs from the ${profile} profile: ${differences
      .map(
        ({ property, expected, actual }) =>
          `${property} is ${actual ?? 'the default'}, not ${expected}`,
      )
      .join(', ')}`,
    fix: differences[0]?.fix ?? null,
  }),
  TOPIC_OK: ({ partitions }) => fine(`${counted(partitions, 'partition')}, all in sync`),
};
