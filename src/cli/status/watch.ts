import type { Screen } from '../../output/screen.js';
import { openScreen } from '../../output/screen.js';
import type { StatusReadings, StatusReport } from '../../status/status.js';
import { whenAborted } from '../../signals.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { statusDocument } from './document.js';
import { drawFitted } from './draw.js';
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

function openView({ output }: Services, place: CommandPlace): WatchView {
  if (output.isJson) {
    const show = (report: StatusReport) => {
      output.jsonLine(statusDocument(report, place));
    };
    return { show, close: () => undefined };
  }
  const screen = openScreen(process.stdout, process.env);
  if (screen !== null) return screenView(output, screen, place);
  const show = (report: StatusReport) => {
    output.raw(`${drawFitted(report, place, output, Infinity)}\n\n`);
  };
  return { show, close: () => undefined };
}

/** Drawn over in place; what was shown last stays behind when it ends. */
function screenView(output: Services['output'], screen: Screen, place: CommandPlace): WatchView {
  const { paint } = output;
  let shown: StatusReport | null = null;
  const draw = (rows: number) =>
    shown === null ? '' : drawFitted(shown, place, { paint, columns: screen.columns }, rows);
  const redraw = () => {
    screen.draw(draw(screen.rows - 1), paint.dim('ctrl-C ends'));
  };
  screen.onResize(redraw);
  return {
    show(report) {
      shown = report;
      redraw();
    },
    close() {
      screen.close();
      if (shown !== null) output.raw(`${draw(screen.rows)}\n`);
    },
  };
}
