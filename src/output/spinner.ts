import type { Output } from './output.js';
import { clip } from './width.js';

/** A live line of progress on stderr; silent where stderr is no terminal or --quiet is given. */
export interface LiveLine {
  readonly update: (text: string) => void;
  /** Draws it before it returns, for what keeps the process from drawing by itself. */
  readonly draw: (text: string) => void;
  /** Takes the line away. */
  stop(): void;
}

export const SILENT: LiveLine = {
  update: () => undefined,
  draw: () => undefined,
  stop: () => undefined,
};

/** The spinner and the blank after it, and the last column, where a line would wrap. */
const BESIDE_TEXT = 3;

/** Loads ora only where there is a terminal to draw on. */
export async function liveLine(output: Output, text: string): Promise<LiveLine> {
  if (!output.isLive) return SILENT;
  const { default: ora } = await import('ora');
  const fitted = (line: string) => clip(line, output.talkColumns - BESIDE_TEXT);
  const spinner = ora({
    text: fitted(text),
    stream: process.stderr,
    color: output.talkPaint.level > 0 ? 'cyan' : false,
    // ora must not swallow ctrl-C: signals are for the command to handle.
    discardStdin: false,
  }).start();
  return {
    update: (next) => {
      spinner.text = fitted(next);
    },
    draw: (next) => {
      spinner.text = fitted(next);
      spinner.render();
    },
    stop: () => {
      spinner.stop();
    },
  };
}
