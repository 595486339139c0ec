/** Where a watch shows itself: a screen, a line a look, or a JSON object a line. */
import { openScreen, type Screen } from '../../output/screen.js';
import { isoTime } from '../../output/output.js';
import { utcSecond } from '../../text/times.js';
import { wrapped } from '../../output/wrap.js';
import type { LagReport } from '../../lag/lag.js';
import { OutageNotice } from '../outage-notice.js';
import type { RetriesOptions } from '../retries.js';
import type { Services } from '../services.js';
import { lagDocument, unknownDocument } from './document.js';
import { drawLag, drawMovement, lagLine, linesAround, unknownLine } from './table.js';

export interface WatchView {
  show(report: LagReport): void;
  /** Says that what was shown last is not known to hold now: there is no answer. */
  unknown(): void;
  /** Says that looks fail and that the watch goes on. */
  readonly notice: RetriesOptions['notice'];
  close(): void;
}

/** `history`: the total lag of each look, oldest first. */
export function openView(
  services: Services,
  intervalMs: number,
  history: () => readonly number[],
): WatchView {
  const screen = services.output.isJson ? null : openScreen(process.stdout, process.env);
  return screen === null ? lineView(services, intervalMs) : screenView(services, screen, history);
}

/** What is not known is said once an interval, like what is. */
function lineView({ output, clock }: Services, intervalMs: number): WatchView {
  const at = (ms: number) => isoTime(ms) ?? '';
  const outage = new OutageNotice(output, clock.now, null);
  let last: { readonly report: LagReport; readonly atMs: number } | null = null;
  let saidMs = -Infinity;
  const unknown = () => {
    const nowMs = clock.now();
    if (last === null || nowMs - saidMs < intervalMs) return;
    saidMs = nowMs;
    const asOf = at(last.atMs);
    if (output.isJson) output.jsonLine({ at: at(nowMs), ...unknownDocument(last.report, asOf) });
    else output.raw(`${unknownLine(last.report, at(nowMs), asOf, output.columns)}\n`);
  };
  return {
    show(report) {
      const nowMs = clock.now();
      last = { report, atMs: nowMs };
      saidMs = nowMs;
      if (output.isJson)
        output.jsonLine({ at: at(nowMs), asOf: at(nowMs), ...lagDocument(report) });
      else output.raw(`${lagLine(report, at(nowMs), output.columns)}\n`);
    },
    unknown,
    notice: {
      failed(reason) {
        outage.failed(reason);
        unknown();
      },
      over: () => {
        outage.over();
      },
    },
    close: () => undefined,
  };
}

/** Drawn over in place; what was shown last stays behind when it ends. */
function screenView(
  { output, clock }: Services,
  screen: Screen,
  history: () => readonly number[],
): WatchView {
  let shown: LagReport | null = null;
  let shownAtMs = 0;
  let isOld = false;
  const outage = new OutageNotice(output, clock.now, () => {
    isOld = true;
    redraw();
  });
  const draw = (most: (report: LagReport) => number | null) => {
    if (shown === null) return '';
    const asOf = isOld ? isoTime(shownAtMs) : null;
    const view = { paint: output.paint, columns: screen.columns, most: most(shown), asOf };
    return [
      drawLag(shown, view),
      ...(isOld ? [] : [drawMovement(shown, history(), view)]),
      ...(outage.text === null ? [] : [output.paint.red(wrapped(outage.text, screen.columns))]),
    ].join('\n');
  };
  const redraw = () => {
    const time = output.paint.dim(`${utcSecond(clock.now())} UTC  ctrl-C ends`);
    const failing = outage.text === null ? [] : wrapped(outage.text, screen.columns).split('\n');
    const below = 3 + failing.length;
    const most = (report: LagReport) => screen.rows - linesAround(report, screen.columns) - below;
    screen.draw(draw(most), time);
  };
  screen.onResize(redraw);
  return {
    show(report) {
      shown = report;
      shownAtMs = clock.now();
      isOld = false;
      redraw();
    },
    unknown() {
      isOld = true;
      redraw();
    },
    notice: outage,
    close() {
      screen.close();
      output.raw(`${draw(() => LAST_FRAME_PARTITIONS)}\n`);
    },
  };
}

const LAST_FRAME_PARTITIONS = 20;
