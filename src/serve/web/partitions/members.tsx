import { useMemo } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import type { GroupData, MemberData } from '../../console/wire/group.js';
import { Badge } from '../components/badge.js';
import { Empty } from '../components/empty.js';
import { Table, type Column } from '../components/table.js';
import type { Words } from '../language/en/words.js';
import { usePage } from '../page.js';
import { MemberName } from './member-name.js';
import { isOfSeveralTopics } from './partition-order.js';
import { readsText } from './reads-text.js';

/** Who is in the group; idle ones are marked. */
export function Members({ group }: { readonly group: GroupData }) {
  const { words } = usePage();
  const hasTopics = isOfSeveralTopics(group.partitions);
  const columns = useMemo(() => memberColumns(words, hasTopics), [words, hasTopics]);
  const { members, memberCount } = group;
  const hidden = memberCount - members.length;
  return (
    <>
      <h3>{words.partitions.members(count(memberCount))}</h3>
      {memberCount === 0 && <Empty text={words.partitions.noMembers} command="coupons consume" />}
      {members.length > 0 && (
        <Table
          label={words.partitions.members(count(memberCount))}
          columns={columns}
          rows={members}
          keyOf={({ memberId }) => memberId}
        />
      )}
      {hidden > 0 && <p class="quiet">{words.partitions.hidden(count(hidden))}</p>}
    </>
  );
}

function memberColumns(
  { partitions: words }: Words,
  hasTopics: boolean,
): readonly Column<MemberData>[] {
  return [
    {
      ...{ key: 'member', title: words.member, isHeader: true },
      cell: ({ memberId, clientId }) => <MemberName memberId={memberId} clientId={clientId} />,
    },
    {
      ...{ key: 'host', title: words.host, from: 'narrow' },
      cell: ({ host }) => <span class="foreign one-line">{host}</span>,
    },
    {
      ...{ key: 'reads', title: words.reads },
      cell: ({ partitions }) =>
        partitions.length === 0 ? (
          <Badge tone="caution" title={words.idleHint}>
            {words.idle}
          </Badge>
        ) : (
          readsText(partitions, hasTopics)
        ),
    },
  ];
}
