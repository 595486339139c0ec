import type { AdviceData, AdviceStepData } from '../../console/wire/advice.js';
import { Badge } from '../components/badge.js';
import { Command } from '../components/copy.js';
import { Panel } from '../components/panel.js';
import { Sentence } from '../components/sentence.js';
import { useKnown, usePage, useSay } from '../page.js';
import type { Tone } from '../tone.js';

/** What `coupons advise` would say, with the commands to paste. */
export function AdvicePanel() {
  const { advice: words } = usePage().words;
  const part = useKnown('advice');
  return (
    <Panel id="advice" title={words.title} part={part}>
      {(advice) => (
        <>
          <Findings findings={advice.findings} />
          <Steps advice={advice} />
        </>
      )}
    </Panel>
  );
}

const TONES: Readonly<Record<AdviceData['findings'][number]['severity'], Tone>> = {
  info: 'neutral',
  warning: 'caution',
  critical: 'bad',
};

function Findings({ findings }: Pick<AdviceData, 'findings'>) {
  const { advice: words } = usePage().words;
  const say = useSay();
  return (
    <ul class="notes">
      {findings.map(({ code, severity, text }, index) => (
        <li key={index} title={code}>
          {severity !== 'info' && <Badge tone={TONES[severity]}>{words.severity[severity]}</Badge>}
          <Sentence text={say(text)} />
        </li>
      ))}
    </ul>
  );
}

/** That nothing is to be done is said only where nothing was found to be wrong. */
function Steps({ advice: { steps, findings, observedMs } }: { readonly advice: AdviceData }) {
  const { advice: words } = usePage().words;
  if (steps.length === 0) {
    const isWrong = findings.some(({ severity }) => severity !== 'info');
    const seconds = String(Math.round(observedMs / 1000));
    return <p class="quiet">{isWrong ? words.noStep : words.nothing(seconds)}</p>;
  }
  return (
    <ol class="steps" aria-label={words.steps}>
      {steps.map((step) => (
        <Step key={step.code} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { readonly step: AdviceStepData }) {
  const { advice: words } = usePage().words;
  const say = useSay();
  const facts = [
    [words.why, step.why],
    [words.expected, step.expected],
    [words.limits, step.limits],
  ] as const;
  return (
    <li class="step">
      <h3>
        {step.order}. {say(step.action)}
      </h3>
      <Command command={step.command} />
      <dl class="step-facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Sentence text={say(text)} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
