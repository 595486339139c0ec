import type { Screen } from '../../output/screen.js';
import { openScreen } from '../../output/screen.js';
import type { StatusReadings, StatusReport } from '../../status/status.js';
import { whenAborted } from '../../signals.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { statusDocument } from './document.js';
import { drawStatus } from './draw.js';
import type { StatusCommandOptions } from './options.js';
import { statusPlace, type CommandPlace } from './place.js';

/**
 * Looks every --interval seconds until ctrl-C (exit 0). What can't be read at one look is looked at again at the next
 * one, so that nothing but the user ends it. Without a terminal, a JSON object or a screen a look is written.
 */
export async function watchStatus(
  services: Services,
  { group, interval }: StatusCommandOptions,
  readings: StatusReadings,
): Promise<CommandResult> {
  const { clock } = services;
  const stop = services.streamStop();
  const interrupted = whenAborted(stop);
  const view = openView(services, statusPlace(services, group));
  try {
    while (!stop.aborted) {
      const report = await Promise.race([readings.look(), interrupted]);
      if (report === null) break;
      view.show(report);
      await clock.wait(interval * 1000, stop);
    }
  } finally {
    view.close();
  }
  return undefined;
}

interface WatchView {
  show(report: StatusReport): void;
  close(): void;
}

const CAMPAIGNS_SHOWN = 5;

function openView({ output }: Services, place: CommandPlace): WatchView {
  if (output.isJson) {
    const show = (report: StatusReport) => {
      output.jsonLine(statusDocument(report, place));
    };
    return { show, close: () => undefined };
  }
  const screen = openScreen(process.stdout, process.env);
  if (screen !== null) return screenView(output, screen, place);
  const { paint, columns } = output;
  const show = (report: StatusReport) => {
    output.raw(`${drawStatus(report, place, { paint, columns, campaigns: CAMPAIGNS_SHOWN })}\n\n`);
  };
  return { show, close: () => undefined };
}

/** Drawn over in place; what was shown last stays behind when it ends. */
function screenView(output: Services['output'], screen: Screen, place: CommandPlace): WatchView {
  const { paint } = output;
  let shown: StatusReport | null = null;
  const draw = (campaigns: number) =>
    shown === null ? '' : drawStatus(shown, place, { paint, columns: screen.columns, campaigns });
  const redraw = () => {
    const linesWithout = draw(0).split('\n').length;
    // The blank line above them, their titles, the line that says how many more there are, and the last one.
    const room = screen.rows - linesWithout - 4;
    screen.draw(draw(Math.max(room, 0)), paint.dim('ctrl-C ends'));
  };
  screen.onResize(redraw);
  return {
    show(report) {
      shown = report;
      redraw();
    },
    close() {
      screen.close();
      output.raw(`${draw(CAMPAIGNS_SHOWN)}\n`);
    },
  };
}
