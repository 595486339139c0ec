import { OUTCOMES, type OutcomeCounts } from '../../../coupon/outcome.js';
import { count } from '../../../text/figures.js';
import { usePage } from '../page.js';

/** How many requests became what: those that occur, and ISSUED always. */
export function OutcomeList({ outcomes }: { readonly outcomes: OutcomeCounts }) {
  const { words } = usePage();
  const shown = OUTCOMES.filter((outcome) => outcome === 'ISSUED' || outcomes[outcome] > 0);
  return (
    <dl class="outcomes" aria-label={words.campaigns.outcomesOf}>
      {shown.map((outcome) => (
        <div key={outcome}>
          <dt>
            <code>{outcome}</code> <span class="quiet">{words.outcomes[outcome]}</span>
          </dt>
          <dd>{count(outcomes[outcome])}</dd>
        </div>
      ))}
    </dl>
  );
}
