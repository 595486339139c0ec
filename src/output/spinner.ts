import type { Output } from './output.js';
import { whileDrawn } from './job-control.js';
import { clip, displayWidth } from './width.js';

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

/** The spinner and the blank after it. */
const SPINNER_COLUMNS = 2;
/** And the last column, where a line would wrap. */
const BESIDE_TEXT = SPINNER_COLUMNS + 1;

/** Set by terminals that break the line of the cursor, too, when they get narrower. Others cut it: xterm, VS Code. */
const BREAKING = ['TMUX', 'VTE_VERSION', 'KITTY_WINDOW_ID', 'WEZTERM_PANE', 'ITERM_SESSION_ID'];

function breaksLines(env: NodeJS.ProcessEnv): boolean {
  return BREAKING.some((name) => (env[name] ?? '') !== '');
}

/** Loads ora only where there is a terminal to draw on. */
export async function liveLine(output: Output, text: string): Promise<LiveLine> {
  if (!output.isLive) return SILENT;
  const { default: ora } = await import('ora');
  const { stderr } = process;
  let line = text;
  const fitted = () => clip(line, output.talkColumns - BESIDE_TEXT);
  const spinner = ora({
    text: fitted(),
    stream: stderr,
    color: output.talkPaint.level > 0 ? 'cyan' : false,
    // ora must not swallow ctrl-C: signals are for the command to handle.
    discardStdin: false,
  }).start();
  const show = (next: string) => {
    line = next;
    spinner.text = fitted();
  };
  const onResize = () => {
    // The terminal has broken the line that was drawn for its old width into this many.
    const rows = breaksLines(process.env)
      ? Math.ceil((displayWidth(spinner.text) + SPINNER_COLUMNS) / output.talkColumns)
      : 1;
    spinner.stop();
    if (rows > 1) stderr.write(`${upLines(rows - 1)}${CLEAR_BELOW}`);
    show(line);
    spinner.start();
  };
  stderr.on('resize', onResize);
  const forget = whileDrawn({
    suspend: () => {
      spinner.stop();
    },
    resume: () => {
      spinner.start();
    },
  });
  return {
    update: show,
    draw: (next) => {
      show(next);
      spinner.render();
    },
    stop: () => {
      stderr.off('resize', onResize);
      forget();
      spinner.stop();
    },
  };
}

const CLEAR_BELOW = '\u001b[J';

function upLines(lines: number): string {
  return `\u001b[${String(lines)}A\r`;
}
