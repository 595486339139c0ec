import { CliError } from '../errors.js';
import type { TopicDescription } from '../ports/cluster-admin.js';

/** A topic's effective configuration. Throws CliError where this user may not read it. */
export function effectiveConfigOf({
  name,
  effectiveConfig,
}: TopicDescription): Readonly<Record<string, string>> {
  if (effectiveConfig !== null) return effectiveConfig;
  throw new CliError(
    'TOPIC_AUTHORIZATION_FAILED',
    `This user may not read the configuration of ${name}.`,
    'Ask for the ACL (DescribeConfigs on the topic), or log in as another user.',
  );
}
