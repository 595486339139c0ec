import { useMemo } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import type { PartitionData } from '../../console/wire/group.js';
import { Badge } from '../components/badge.js';
import { Sparkline } from '../components/sparkline.js';
import type { Column } from '../components/table.js';
import type { Words } from '../language/en/words.js';
import { usePage } from '../page.js';
import { MemberName } from './member-name.js';

const UNKNOWN = '–';
/** Readings of the last minute. */
const ROOM = 60;

export function usePartitionColumns(hasTopics: boolean): readonly Column<PartitionData>[] {
  const { words } = usePage();
  return useMemo(() => partitionColumns(words, hasTopics), [words, hasTopics]);
}

function partitionColumns(
  { partitions: words, figures }: Words,
  hasTopics: boolean,
): readonly Column<PartitionData>[] {
  const topic: Column<PartitionData> = {
    ...{ key: 'topic', title: words.topic },
    cell: (row) => row.topic,
  };
  return [
    ...(hasTopics ? [topic] : []),
    {
      ...{ key: 'partition', title: words.partition, isHeader: true },
      cell: (row) => <Name row={row} words={words} />,
    },
    {
      ...{ key: 'lag', title: words.lag, isNumeric: true },
      cell: ({ lag }) => (lag === null ? UNKNOWN : count(lag)),
    },
    {
      ...{ key: 'waited', title: words.waited, isNumeric: true },
      cell: ({ timeLagMs }) => (timeLagMs === null ? UNKNOWN : figures.duration(timeLagMs)),
    },
    {
      ...{ key: 'course', title: words.course, from: 'narrow' },
      cell: (row) => <Course row={row} words={words} />,
    },
    { key: 'member', title: words.member, from: 'narrow', cell: (row) => <Member row={row} /> },
    ...(['committed', 'end'] as const).map((key): Column<PartitionData> => ({
      ...{ key, title: words[key], isNumeric: true, from: 'wide' },
      cell: (row) => offset(key === 'end' ? row.endOffset : row.committedOffset),
    })),
  ];
}

interface CellProps {
  readonly row: PartitionData;
  readonly words: Words['partitions'];
}

function Name({ row: { partition, isOnline, isHot }, words }: CellProps) {
  return (
    <span class="marked">
      {partition}
      {!isOnline && (
        <Badge tone="bad" title={words.offlineHint}>
          {words.offline}
        </Badge>
      )}
      {isHot && (
        <Badge tone="caution" title={words.hotHint}>
          {words.hot}
        </Badge>
      )}
    </span>
  );
}

function Course({ row: { partition, lagHistory }, words }: CellProps) {
  const [now, highest] = [lagHistory.at(-1) ?? 0, Math.max(0, ...lagHistory)];
  const label = words.courseOf(String(partition), count(now), count(highest));
  return <Sparkline values={lagHistory} room={ROOM} label={label} />;
}

function Member({ row: { memberId, clientId, host } }: Pick<CellProps, 'row'>) {
  const { partitions: words } = usePage().words;
  if (memberId === null) return <span class="quiet">{words.noMember}</span>;
  return <MemberName memberId={memberId} clientId={clientId ?? ''} host={host} />;
}

/** 64 bit: a text, with commas. */
function offset(text: string | null): string {
  return text === null ? UNKNOWN : text.replace(/\B(?=(\d{3})+$)/g, ',');
}
