import type { ChalkInstance } from 'chalk';
import type { Advice, Severity } from '../monitor/advice.js';
import type { LagReport } from '../monitor/lag.js';
import { count } from '../output/table.js';
import { wrapped } from '../output/wrap.js';

interface View {
  readonly paint: ChalkInstance;
  readonly columns: number;
}

/** Lines longer than this are hard to read, however wide the terminal. */
const MOST_COLUMNS = 100;

export function drawAdvice(advice: Advice, lag: LagReport, { paint, columns }: View): string {
  const width = Math.min(columns, MOST_COLUMNS);
  const findings = advice.findings.map(({ severity, message }) =>
    wrapped(`${MARKS[severity]} ${message}`, width).replace(MARKS[severity], mark(paint, severity)),
  );
  const steps = advice.steps.flatMap(({ order, action, command, why, expected, limits }) => [
    '',
    paint.bold(`${String(order)}. ${action}`),
    `   ${paint.cyan(`$ ${command}`)}`,
    indented(`why: ${why}`, width),
    indented(`expect: ${expected}`, width),
    indented(`but: ${limits}`, width),
  ]);
  const head = `${paint.bold(lag.group)}  lag ${count(lag.totalLag)}  ${lag.status}`;
  return [head, ...findings, ...(steps.length === 0 ? ['', 'Nothing to do.'] : steps)].join('\n');
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

function indented(text: string, width: number): string {
  return wrapped(text, width - 3)
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n');
}
