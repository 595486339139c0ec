import type { Output } from './output.js';

/** A live line of progress on stderr; silent where stderr is no terminal or --quiet is given. */
export interface LiveLine {
  update(text: string): void;
  /** Takes the line away. */
  stop(): void;
}

const SILENT: LiveLine = { update: () => undefined, stop: () => undefined };

/** Loads ora only where there is a terminal to draw on. */
export async function liveLine(output: Output, text: string): Promise<LiveLine> {
  if (!output.isLive) return SILENT;
  const { default: ora } = await import('ora');
  // ora must not swallow ctrl-C: signals are for the command to handle.
  const spinner = ora({ text, stream: process.stderr, discardStdin: false }).start();
  return {
    update: (next) => {
      spinner.text = next;
    },
    stop: () => {
      spinner.stop();
    },
  };
}
