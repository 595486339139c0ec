import { useState } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import type { GroupData } from '../../console/wire/group.js';
import { Empty } from '../components/empty.js';
import { Panel } from '../components/panel.js';
import { Sentence } from '../components/sentence.js';
import { Table } from '../components/table.js';
import { useKnown, usePage, useSay } from '../page.js';
import { Members } from './members.js';
import { usePartitionColumns } from './partition-columns.js';
import { busiestFirst, isOfSeveralTopics } from './partition-order.js';

/** Which partition waits, and who reads it. */
export function PartitionsPanel() {
  const { partitions } = usePage().words;
  return (
    <Panel id="partitions" title={partitions.title} part={useKnown('group')}>
      {(group) => (
        <>
          <Notes notes={group.notes} />
          <Partitions group={group} />
          <Members group={group} />
        </>
      )}
    </Panel>
  );
}

function Notes({ notes }: Pick<GroupData, 'notes'>) {
  const say = useSay();
  if (notes.length === 0) return null;
  return (
    <ul class="notes">
      {notes.map((note, index) => (
        <li key={index}>
          <Sentence text={say(note.text)} />
        </li>
      ))}
    </ul>
  );
}

/** Of more, the busiest are shown until the viewer asks for all. */
const SHOWN_AT_FIRST = 12;

function Partitions({ group }: { readonly group: GroupData }) {
  const { partitions: words } = usePage().words;
  const [isWhole, setWhole] = useState(false);
  const columns = usePartitionColumns(isOfSeveralTopics(group.partitions));
  const { length } = group.partitions;
  if (length === 0) return <Empty text={words.none} />;
  const isLong = length > SHOWN_AT_FIRST;
  const rows =
    isLong && !isWhole ? busiestFirst(group.partitions).slice(0, SHOWN_AT_FIRST) : group.partitions;
  return (
    <>
      <Table
        label={words.title}
        columns={columns}
        rows={rows}
        keyOf={({ topic, partition }) => `${topic} ${String(partition)}`}
      />
      {isLong && (
        <button type="button" class="button small start" onClick={() => setWhole(!isWhole)}>
          {isWhole ? words.showLess : words.showAll(count(length))}
        </button>
      )}
    </>
  );
}
