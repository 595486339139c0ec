/** Runs the real executable in a pseudo-terminal, and shows what a person would see on it. */
import { execFileSync } from 'node:child_process';
import { spawn, type IPty } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { afterAll } from 'vitest';
import { environment, executable } from './cli.js';
import { eventually } from '../eventually.js';

/** What a key sends. */
export const keys = { ctrlC: '\u0003', ctrlD: '\u0004', ctrlZ: '\u001a', enter: '\r' } as const;

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * The shell that runs the command says in the terminal's title, which nobody sees here, that it has
 * ended, and stays: what a pseudo-terminal still holds when its last process goes may be lost.
 */
const shellScript = (andThen: string) =>
  `trap : INT; "$@"; code=$?; ${andThen}; printf '\\033]2;ended %s\\007' "$code"; read -r _`;
const ENDED = /\p{Control}\]2;ended (\d+)\p{Control}/u;

/** A terminal with one command in it; it is killed when the test file ends. */
export class Terminal {
  #received = '';
  /** Lines that were longer than the terminal, if only for a moment. */
  readonly wrapped = new Set<string>();
  readonly #screen: headless.Terminal;
  readonly #pty: IPty;
  #shown = Promise.resolve();

  /** Runs the command, and what its shell is to do then. */
  constructor(command: readonly string[], andThen: string, options: TerminalOptions = {}) {
    const { columns: cols = 80, rows = 24, env = {} } = options;
    this.#screen = new headless.Terminal({ cols, rows, scrollback: 1000, allowProposedApi: true });
    this.#pty = spawn('bash', ['-c', shellScript(andThen), 'bash', ...command], {
      cols,
      rows,
      env: environment({ TERM: 'xterm', ...env }),
    });
    live.add(this.#pty);
    this.#pty.onData((text) => {
      this.#received += text;
      this.#shown = new Promise((resolve) => {
        this.#screen.write(text, () => {
          this.#noteWrapped();
          resolve();
        });
      });
    });
    this.#pty.onExit(() => {
      live.delete(this.#pty);
    });
  }

  /** All that was written to it, escape codes included. */
  get raw(): string {
    return this.#received.replace(ENDED, '');
  }

  /** The lines that are in sight, without blanks at their ends; those below the last text left out. */
  get screen(): readonly string[] {
    return this.#lines(this.#screen.buffer.active.baseY);
  }

  /** The same, and what has scrolled out of sight. */
  get history(): readonly string[] {
    return this.#lines(0);
  }

  /** As less and top have one: what was there before comes back when it is left. */
  get isAlternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  /** By the last of the codes that hide and show it. */
  get isCursorVisible(): boolean {
    return this.raw.lastIndexOf('\u001b[?25l') <= this.raw.lastIndexOf('\u001b[?25h');
  }

  /** By the last of the colour codes. */
  get isColourReset(): boolean {
    const codes = [...this.raw.matchAll(/\p{Control}\[([\d;]*)m/gu)].map(([, code]) => code);
    return codes.length === 0 || ['', '0', '22', '39', '49'].includes(codes.at(-1) ?? '');
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  /** Sends the signal to the command alone: the terminal stays. */
  signal(signal: NodeJS.Signals): void {
    const pid = execFileSync('pgrep', ['-P', String(this.#pty.pid)], { encoding: 'utf8' });
    process.kill(Number(pid), signal);
  }

  /** Closes the terminal, as a window or a connection is closed. */
  close(): void {
    this.#pty.kill('SIGHUP');
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Resolves when the condition holds of what is on the terminal. Throws at the deadline, showing it. */
  async waitFor(condition: RegExp | (() => boolean)): Promise<void> {
    await eventually(async () => {
      await this.#shown;
      return condition instanceof RegExp ? condition.test(this.screen.join('\n')) : condition();
    }).catch((cause: unknown) => {
      throw new Error(`Not seen: ${String(condition)}\n${this.history.join('\n')}`, { cause });
    });
  }

  /** The exit code, when all that was written is on the screen. */
  async exit(): Promise<number> {
    await this.waitFor(() => ENDED.test(this.#received));
    await this.#shown;
    this.type('\n');
    return Number(ENDED.exec(this.#received)?.[1]);
  }

  #noteWrapped(): void {
    const { active } = this.#screen.buffer;
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      if (line?.isWrapped === true) this.wrapped.add(line.translateToString(true));
    }
  }

  #lines(from: number): readonly string[] {
    const { active } = this.#screen.buffer;
    const lines = Array.from({ length: active.length - from }, (_unused, index) =>
      (active.getLine(from + index)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }
}

/** Types `coupons ...` on a terminal. */
export function couponsOn(args: readonly string[], options?: TerminalOptions): Terminal {
  return new Terminal([process.execPath, executable, ...args], ':', options);
}

/**
 * The same from a shell, which then says how it got the terminal back: a line `left <exit code>` and
 * what stty sees.
 */
export function couponsInShell(args: readonly string[], options?: TerminalOptions): Terminal {
  const command = [process.execPath, executable, ...args];
  return new Terminal(command, 'echo "left $code"; stty -a', options);
}

/**
 * The same from a shell with job control: when the command is stopped (ctrl-Z), the shell says `stopped` and what
 * stty sees, and enter brings the command to the foreground again.
 */
export function couponsAsJob(args: readonly string[], options?: TerminalOptions): Terminal {
  const job =
    'set -m; "$@"; code=$?; if [ $code = 148 ]; then stty -a; echo stopped; read -r _; fg; code=$?; fi; exit $code';
  const command = ['bash', '-c', job, 'bash', process.execPath, executable, ...args];
  return new Terminal(command, 'echo "left $code"; stty -a', options);
}

const live = new Set<IPty>();

afterAll(() => {
  for (const pty of live) pty.kill('SIGKILL');
});
