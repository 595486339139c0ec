import { useCallback, useMemo, useState } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import type { CampaignData, CampaignsData } from '../../console/wire/campaigns.js';
import { Empty } from '../components/empty.js';
import { Panel, PanelFrame } from '../components/panel.js';
import { Sentence } from '../components/sentence.js';
import { Table } from '../components/table.js';
import { useKnown, usePage } from '../page.js';
import { campaignColumns } from './campaign-columns.js';
import { CampaignDetails } from './campaign-details.js';
import { nextSorting, type Sorting } from '../sorting.js';
import { matching, ordered, type SortKey } from './order.js';
import { UserSearch } from './user-search.js';

/** So many until "Show all". */
const SHOWN = 20;
/** A filter helps from so many on. */
const FILTER_FROM = 8;
/** How often what depends on the time alone is looked at again: a campaign that starts or ends. */
const CLOCK_STEP_MS = 5000;

const CREATE = 'coupons campaigns create 1 --stock 100';

/** What is left of each campaign, and what became of its requests. */
export function CampaignsPanel() {
  const { campaigns: words } = usePage().words;
  const part = useKnown('campaigns');
  const [filter, setFilter] = useState('');
  const total = part?.data?.campaigns.length ?? 0;
  if (part?.data === null && part.failure?.code === 'STORE_NOT_FOUND') return <NoStore />;
  return (
    <Panel
      id="campaigns"
      title={words.title}
      part={part}
      tools={
        total >= FILTER_FROM && (
          <input
            class="input"
            type="search"
            value={filter}
            placeholder={words.filter}
            aria-label={words.filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        )
      }
    >
      {(data) =>
        data.campaigns.length === 0 ? (
          <Empty text={words.none} command={CREATE} />
        ) : (
          <>
            <Campaigns campaigns={data.campaigns} filter={filter} />
            <Notes data={data} />
            <UserSearch />
          </>
        )
      }
    </Panel>
  );
}

/** Before the first campaign, and before the first consumer: nothing is wrong. */
function NoStore() {
  const { campaigns } = usePage().words;
  return (
    <PanelFrame id="campaigns" title={campaigns.title}>
      <Empty text={campaigns.noStore} command={CREATE} />
    </PanelFrame>
  );
}

interface CampaignsProps {
  readonly campaigns: readonly CampaignData[];
  readonly filter: string;
}

function Campaigns({ campaigns, filter }: CampaignsProps) {
  const { words, clock } = usePage();
  const [sorting, setSorting] = useState<Sorting<SortKey> | null>(null);
  const [isWhole, setWhole] = useState(false);
  const [open, toggle] = useToggles();
  const nowMs = useCoarseNow();
  const columns = useMemo(
    () => campaignColumns({ words, clock, nowMs, open, toggle }),
    [words, clock, nowMs, open, toggle],
  );
  const rows = useMemo(
    () => ordered(matching(campaigns, filter), sorting, nowMs),
    [campaigns, filter, sorting, nowMs],
  );
  if (rows.length === 0) return <Empty text={words.campaigns.filterNone(filter)} />;
  return (
    <>
      <Table
        label={words.campaigns.title}
        columns={columns}
        rows={isWhole ? rows : rows.slice(0, SHOWN)}
        keyOf={({ couponId }) => couponId}
        sorting={sorting}
        onSort={(key) => setSorting((before) => nextSorting(before, key))}
        detail={(row) => (open.has(row.couponId) ? <CampaignDetails campaign={row} /> : null)}
      />
      {rows.length > SHOWN && (
        <button type="button" class="button small" onClick={() => setWhole(!isWhole)}>
          {isWhole ? words.campaigns.showLess : words.campaigns.showAll(count(rows.length))}
        </button>
      )}
    </>
  );
}

/** What the table can't show. */
function Notes({ data }: { readonly data: CampaignsData }) {
  const { campaigns } = usePage().words;
  const notes = [
    ...(data.omitted > 0 ? [campaigns.omitted(count(data.omitted))] : []),
    ...(data.counted === null ? [] : [campaigns.counting(count(data.counted))]),
    ...(data.withoutCampaign > 0 ? [campaigns.withoutCampaign(count(data.withoutCampaign))] : []),
  ];
  if (notes.length === 0) return null;
  return (
    <ul class="notes quiet">
      {notes.map((note) => (
        <li key={note}>
          <Sentence text={note} />
        </li>
      ))}
    </ul>
  );
}

function useToggles(): readonly [ReadonlySet<number>, (id: number) => void] {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = useCallback(
    (id: number) =>
      setOpen((before) =>
        before.has(id)
          ? new Set([...before].filter((each) => each !== id))
          : new Set([...before, id]),
      ),
    [],
  );
  return [open, toggle];
}

/** The server's time, in steps. */
function useCoarseNow(): number {
  const atMs = useKnown('beat')?.atMs ?? Date.now();
  return Math.floor(atMs / CLOCK_STEP_MS) * CLOCK_STEP_MS;
}
