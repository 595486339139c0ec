import { count } from '../../../text/figures.js';
import type { LetterCount, LettersData } from '../../console/wire/letters.js';
import { Bar } from '../components/bar.js';
import { usePage } from '../page.js';
import type { FilterFields } from './filter.js';

interface BreakdownsProps {
  readonly data: LettersData;
  readonly fields: FilterFields;
  readonly change: (changes: Partial<FilterFields>) => void;
}

/** How many by reason and by coupon; a click filters by it, a second one no more. */
export function Breakdowns({ data, fields, change }: BreakdownsProps) {
  const { letters: words } = usePage().words;
  return (
    <div class="breakdowns">
      <Breakdown
        title={words.byReason}
        counts={data.reasons}
        chosen={fields.reason}
        onChoose={(reason) => change({ reason })}
      />
      <Breakdown
        title={words.byCoupon}
        counts={data.coupons}
        chosen={fields.coupon}
        onChoose={(coupon) => change({ coupon })}
      />
      {data.ungrouped > 0 && <p class="quiet">{words.ungrouped(count(data.ungrouped))}</p>}
    </div>
  );
}

interface BreakdownProps {
  readonly title: string;
  readonly counts: readonly LetterCount<string | number>[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

/** Those behind them are rare: the filter finds them all the same. */
const MOST_SHOWN = 6;

function Breakdown({ title, counts, chosen, onChoose }: BreakdownProps) {
  const { letters: words } = usePage().words;
  const highest = Math.max(1, ...counts.map((each) => each.count));
  return (
    <section class="breakdown">
      <h3>{title}</h3>
      <ul>
        {counts.slice(0, MOST_SHOWN).map(({ key, count: letters }) => {
          const name = key === null ? words.unknown : String(key);
          const line = (
            <>
              <span class="foreign one-line">{name}</span>{' '}
              <span class="breakdown-count">{count(letters)}</span>
              <span aria-hidden="true">
                <Bar share={letters / highest} label="" />
              </span>
            </>
          );
          return (
            <li key={key}>
              {key === null ? (
                <span class="breakdown-line">{line}</span>
              ) : (
                <button
                  type="button"
                  class="breakdown-line"
                  aria-pressed={chosen === name}
                  title={words.only(name)}
                  onClick={() => onChoose(chosen === name ? '' : name)}
                >
                  {line}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
