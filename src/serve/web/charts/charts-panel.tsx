import { useMemo, useState } from 'preact/hooks';
import { Choice } from '../components/choice.js';
import { Empty } from '../components/empty.js';
import { PanelFrame } from '../components/panel.js';
import { FINE_MS } from '../history.js';
import { useKnown, usePage } from '../page.js';
import { Chart } from './chart.js';
import { chartSpecs } from './chart-specs.js';
import { useColours } from './colours.js';

const SPANS = ['recent', 'all'] as const;

/** Requests in and outcomes out, lag, and how long requests wait. */
export function ChartsPanel() {
  const { words } = usePage();
  const columns = useKnown('history');
  const group = useKnown('group');
  const [span, setSpan] = useState<(typeof SPANS)[number]>('recent');
  const colours = useColours();
  const specs = useMemo(() => chartSpecs(words), [words]);
  const spanMs = span === 'recent' ? FINE_MS : null;
  const history = columns?.window(spanMs);
  const { charts } = words;
  // No offset was ever given out.
  const isEmpty = group?.data?.partitions.every(({ endOffset }) => endOffset === '0') === true;
  return (
    <PanelFrame
      id="charts"
      title={charts.title}
      asOfMs={history?.atMs.at(-1)}
      tools={
        <Choice
          label={charts.span}
          options={SPANS.map((each) => [each, charts.spans[each]] as const)}
          chosen={span}
          onChoose={setSpan}
        />
      }
    >
      {isEmpty ? (
        <Empty text={charts.none} command="coupons produce --coupon 1 --count 1000" />
      ) : (
        <div class="charts">
          {history !== undefined &&
            specs.map((spec) => <Chart key={spec.id} {...{ spec, colours, history, spanMs }} />)}
        </div>
      )}
    </PanelFrame>
  );
}
