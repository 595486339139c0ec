import { CliError } from '../../errors.js';
import { printable } from '../../output/printable.js';
import type { ClusterAdmin } from '../../ports/cluster-admin.js';
import { count } from '../../text/figures.js';
import { memberName } from '../../words/en/lag-notes.js';

const NAMED = 5;

/**
 * Members read on where they are, whatever is committed for their group meanwhile. Throws CliError
 * GROUP_HAS_MEMBERS, which names them.
 */
export async function refuseWhileMembersRun(
  admin: Pick<ClusterAdmin, 'describeGroup'>,
  group: string,
): Promise<void> {
  const { members } = await admin.describeGroup(group);
  if (members.length === 0) return;
  const names = members.map(({ clientId, host }) =>
    printable(`${memberName(clientId)} on ${host}`),
  );
  const more = names.length > NAMED ? ` and ${count(names.length - NAMED)} more` : '';
  throw new CliError(
    'GROUP_HAS_MEMBERS',
    `Group ${group} has members: ${names.slice(0, NAMED).join(', ')}${more}. Nothing was changed.`,
    'Stop them and try again. A member that was killed stays in its group for 10 s.',
  );
}
