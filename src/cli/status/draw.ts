/** The screen of `coupons status`: a verdict, and a row a part. */
import type { ChalkInstance } from 'chalk';
import { printable } from '../../output/printable.js';
import { clip } from '../../output/width.js';
import { wrap, promptedCommand } from '../../output/wrap.js';
import type { StatusFinding, StatusVerdict } from '../../status/finding.js';
import { verdictOf } from '../../status/judge.js';
import type { StatusReport } from '../../status/status.js';
import { counted } from '../../text/figures.js';
import { utcSecond } from '../../text/times.js';
import { statusFindingText } from '../../words/en/status-findings.js';
import { campaignTable } from './campaign-table.js';
import type { CommandPlace } from './place.js';
import { statusRows } from './rows.js';
import type { StatusView } from './view.js';

function drawStatus(report: StatusReport, place: CommandPlace, view: StatusView): string {
  const table = campaignTable(report.parts.campaigns, view, report.atMs);
  return [
    ...headline(report, place, view),
    '',
    ...statusRows(report, place, view),
    ...(table === null ? [] : [table]),
    view.paint.dim(`${utcSecond(report.atMs)} UTC`),
  ].join('\n');
}

/** More of them say nothing of what is going on. */
const MOST_CAMPAIGNS = 10;
/** Around the campaigns: their titles, how many more there are, and the prompt. */
const LINES_AROUND = 3;

/** With as many campaigns as a terminal of so many rows has room for beside all else. */
export function drawFitted(
  report: StatusReport,
  place: CommandPlace,
  { paint, columns }: Pick<StatusView, 'paint' | 'columns'>,
  rows: number,
): string {
  const view = { paint, columns };
  const others = drawStatus(report, place, { ...view, campaigns: 0 }).split('\n').length;
  const campaigns = Math.min(Math.max(rows - others - LINES_AROUND, 0), MOST_CAMPAIGNS);
  return drawStatus(report, place, { ...view, campaigns });
}

/** Behind the verdict and the severities, so that sentences stand below each other. */
const INDENT = ' '.repeat('CRITICAL  '.length);
/** Findings beside the worst one. */
const MOST_OTHERS = 3;

function headline(
  { findings }: StatusReport,
  place: CommandPlace,
  view: StatusView,
): readonly string[] {
  const { paint, columns } = view;
  const [worst, ...others] = findings;
  const verdict = verdictOf(findings);
  const head = paintVerdict(paint, verdict) + INDENT.slice(verdict.length);
  if (worst === undefined) return [`${head}Everything was read, and nothing needs a look.`];
  const room = columns - INDENT.length;
  const { message, command } = statusFindingText(worst, place);
  const [first = '', ...more] = wrap(printable(message), room);
  const hidden = others.length - MOST_OTHERS;
  return [
    head + first,
    ...more.map((line) => INDENT + line),
    ...promptedCommand(place.pasted(command), columns, INDENT, paint.cyan),
    ...others.slice(0, MOST_OTHERS).map((finding) => otherLine(finding, place, view)),
    ...(hidden > 0 ? [`${INDENT}and ${counted(hidden, 'finding')} more: -o json`] : []),
  ];
}

function otherLine(finding: StatusFinding, place: CommandPlace, { paint, columns }: StatusView) {
  const { severity } = finding;
  const head = paintVerdict(paint, severity.toUpperCase() as StatusVerdict, severity);
  const text = printable(statusFindingText(finding, place).message);
  return head + INDENT.slice(severity.length) + clip(text, columns - INDENT.length);
}

function paintVerdict(
  paint: ChalkInstance,
  verdict: StatusVerdict,
  text: string = verdict,
): string {
  switch (verdict) {
    case 'OK':
      return paint.green(text);
    case 'CAUTION':
    case 'WARNING':
      return paint.yellow(text);
    case 'UNKNOWN':
    case 'CRITICAL':
      return paint.red(text);
  }
}
