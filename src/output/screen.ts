import { whileDrawn } from './job-control.js';
import { clip } from './width.js';

/** A terminal's whole screen, for what is drawn again and again. */
export interface Screen {
  readonly rows: number;
  readonly columns: number;
  /**
   * Shows this text and nothing else: as much of its lines, and as many of them, as fit. `footer` is one more line, which is
   * there however long the text is.
   */
  draw(text: string, footer: string): void;
  /** Calls back when the terminal has changed its size, or is ours again after ctrl-Z and fg. */
  onResize(listener: () => void): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_TO_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

type Stream = NodeJS.WriteStream;

/**
 * Takes over the alternate screen, as less and top do, or gives null where stdout is no terminal that
 * could (a pipe, one without a width, TERM=dumb). Lines are written over and never cleared first, in
 * one write a frame, so that nothing flickers. However the process ends (SIGKILL excepted), and while it is stopped
 * (ctrl-Z), the terminal is the shell's.
 */
export function openScreen(stdout: Stream, env: NodeJS.ProcessEnv): Screen | null {
  if (!stdout.isTTY || stdout.columns === 0 || env['TERM'] === 'dumb') return null;
  const restore = () => void stdout.write(LEAVE);
  process.once('exit', restore);
  stdout.write(ENTER);
  let resized: (() => void) | null = null;
  let isClosed = false;
  const forget = whileDrawn({
    suspend: restore,
    resume: () => {
      stdout.write(ENTER);
      resized?.();
    },
  });
  return {
    get rows() {
      return stdout.rows;
    },
    get columns() {
      return stdout.columns;
    },
    draw(text, footer) {
      // What was asked before the end may be answered after it: the terminal is the shell's again.
      if (isClosed) return;
      const lines = [...text.split('\n').slice(0, Math.max(stdout.rows - 1, 0)), footer];
      const written = lines
        .map((line) => `${clip(line, stdout.columns)}${CLEAR_TO_LINE_END}`)
        .join('\r\n');
      stdout.write(`${HOME}${written}${CLEAR_BELOW}`);
    },
    onResize(listener) {
      resized = listener;
      stdout.on('resize', listener);
    },
    close() {
      isClosed = true;
      forget();
      if (resized !== null) stdout.off('resize', resized);
      process.off('exit', restore);
      restore();
    },
  };
}
