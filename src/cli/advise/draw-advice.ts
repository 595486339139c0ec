import type { ChalkInstance } from 'chalk';
import { count } from '../../text/figures.js';
import type { Severity } from '../../advice/finding.js';
import { JUDGED_AFTER_MS } from '../../lag/cadence.js';
import type { LagReport } from '../../lag/lag.js';
import { facts, wrapped, promptedCommand } from '../../output/wrap.js';
import { statusOf } from '../lag/table.js';
import type { AdviceDocument } from './document.js';

interface View {
  readonly paint: ChalkInstance;
  readonly columns: number;
}

/** Lines longer than this are hard to read, however wide the terminal. */
const MOST_COLUMNS = 100;

export function drawAdvice(
  advice: AdviceDocument,
  lag: LagReport,
  { paint, columns }: View,
): string {
  const width = Math.min(columns, MOST_COLUMNS);
  const findings = advice.findings.map(({ severity, message }) =>
    wrapped(`${MARKS[severity]} ${message}`, width).replace(MARKS[severity], mark(paint, severity)),
  );
  const steps = advice.steps.flatMap(({ order, action, command, why, expected, limits }) => [
    '',
    paint.bold(`${String(order)}. ${action}`),
    ...promptedCommand(command, columns, INDENT, paint.cyan),
    indented(`why: ${why}`, width),
    indented(`expect: ${expected}`, width),
    indented(`but: ${limits}`, width),
  ]);
  const head = facts(
    [paint.bold(lag.group), `lag ${count(lag.totalLag)}`, statusOf(lag, paint)],
    width,
  );
  const last = steps.length === 0 ? ['', wrapped(withoutSteps(advice, lag), width)] : steps;
  return [head, ...findings, ...last].join('\n');
}

/** That nothing is to be done is said only of what was looked at, and of a group that nothing is wrong with. */
function withoutSteps({ findings, observedMs }: AdviceDocument, { totalLag }: LagReport): string {
  if (findings.some(({ severity }) => severity !== 'info')) {
    return `No command fixes this by itself: see what is marked ${MARKS.critical} or ${MARKS.warning}.`;
  }
  const short = observedMs < JUDGED_AFTER_MS ? ', too short to recognise a stall' : '';
  return `Nothing to do: lag ${count(totalLag)}, observed for ${seconds(observedMs)}${short}.`;
}

function seconds(ms: number): string {
  return `${String(Math.round(ms / 1000))} s`;
}

const MARKS: Readonly<Record<Severity, string>> = { critical: '✗', warning: '!', info: '-' };

function mark(paint: ChalkInstance, severity: Severity): string {
  switch (severity) {
    case 'critical':
      return paint.red(MARKS[severity]);
    case 'warning':
      return paint.yellow(MARKS[severity]);
    case 'info':
      return MARKS[severity];
  }
}

const INDENT = '   ';

function indented(text: string, width: number): string {
  return wrapped(text, width - INDENT.length)
    .split('\n')
    .map((line) => INDENT + line)
    .join('\n');
}
