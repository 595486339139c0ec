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
  const letters = sumOf(data.reasons) + data.ungrouped;
  return (
    <div class="breakdowns">
      <Breakdown
        title={words.byReason}
        counts={data.reasons}
        letters={letters}
        chosen={fields.reason}
        onChoose={(reason) => change({ reason })}
      />
      <Breakdown
        title={words.byCoupon}
        counts={data.coupons}
        letters={letters}
        chosen={fields.coupon}
        onChoose={(coupon) => change({ coupon })}
      />
    </div>
  );
}

interface BreakdownProps {
  readonly title: string;
  readonly counts: readonly LetterCount<string | number>[];
  /** All that are counted, in groups that are listed or not. */
  readonly letters: number;
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

/** Those behind them are rare: the filter finds them all the same. */
const MOST_SHOWN = 6;

function Breakdown({ title, counts, letters, chosen, onChoose }: BreakdownProps) {
  const { letters: words } = usePage().words;
  const highest = Math.max(1, ...counts.map((each) => each.count));
  const shown = counts.slice(0, MOST_SHOWN);
  const left = letters - sumOf(shown);
  return (
    <section class="breakdown">
      <h3>{title}</h3>
      <ul>
        {shown.map(({ key, count: letters }) => {
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
      {left > 0 && <p class="quiet">{words.ungrouped(count(left))}</p>}
    </section>
  );
}

function sumOf(counts: readonly LetterCount<string | number>[]): number {
  return counts.reduce((sum, each) => sum + each.count, 0);
}
