import { useState } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import type { LettersData } from '../../console/wire/letters.js';
import { Command } from '../components/copy.js';
import { Empty } from '../components/empty.js';
import { Panel } from '../components/panel.js';
import { Sentence } from '../components/sentence.js';
import { useKnown, usePage } from '../page.js';
import { ReplayBox } from '../replay/replay-box.js';
import { Breakdowns } from './breakdowns.js';
import { FilterForm } from './filter-form.js';
import { NO_FILTER, type FilterFields } from './filter.js';
import { LetterList } from './letter-list.js';

/** What could not be processed: why, which, and how it is sent again. */
export function LettersPanel() {
  const { letters: words } = usePage().words;
  const part = useKnown('letters');
  const [fields, setFields] = useState<FilterFields>(NO_FILTER);
  // What was typed comes later than a click, and must not undo it.
  const change = (changes: Partial<FilterFields>): void =>
    setFields((present) => ({ ...present, ...changes }));
  return (
    <Panel id="letters" title={words.title} part={part} tools={<Totals data={part?.data} />}>
      {(data) =>
        data.total === 0 ? (
          <Empty text={words.none} />
        ) : (
          <>
            <Breakdowns {...{ data, fields, change }} />
            <Progress data={data} />
            <FilterForm {...{ data, fields, change }} />
            <ReplayBox fields={fields} />
            <LetterList fields={fields} total={data.total} />
            <PurgeHint />
          </>
        )
      }
    </Panel>
  );
}

function Totals({ data }: { readonly data: LettersData | null | undefined }) {
  const { letters: words } = usePage().words;
  if (data === null || data === undefined || data.total === 0) return null;
  return (
    <span class="quiet">
      {words.total(count(data.total))} · {words.recent(count(data.recent))}
    </span>
  );
}

/** What the counts lack. */
function Progress({ data: { counted, waiting, total } }: { readonly data: LettersData }) {
  const { letters: words } = usePage().words;
  return (
    <>
      {counted + waiting < total && (
        <p class="quiet">{words.counting(count(counted), count(total))}</p>
      )}
      {waiting > 0 && <p class="quiet">{words.waiting(count(waiting))}</p>}
    </>
  );
}

function PurgeHint() {
  const { letters: words } = usePage().words;
  return (
    <div class="hint">
      <p class="quiet">
        <Sentence text={words.purgeHint} />
      </p>
      <Command command="coupons dlq purge --before 7d --dry-run" />
    </div>
  );
}
