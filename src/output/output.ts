import { Chalk, type ChalkInstance } from 'chalk';
import { escaped, printable, printablePainted, steering } from './printable.js';
import { wrapped } from './wrap.js';

export type OutputFormat = 'table' | 'json';

/** The two streams a command may write to, as much of process.stdout and process.stderr as it needs. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

export interface OutputOptions {
  readonly format: OutputFormat;
  /** False where colour is unwanted even on a terminal (`--no-color`, NO_COLOR, TERM=dumb). */
  readonly color: boolean;
  /** The terminal can't take back what it shows (TERM=dumb). */
  readonly isDumb?: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

/** Of a terminal that does not tell its width. */
const UNTOLD_COLUMNS = 80;

/** stdout carries data, stderr carries talk. */
export class Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Colours for stdout and stderr: each has them only where it is a terminal. */
  readonly paint: ChalkInstance;
  readonly talkPaint: ChalkInstance;
  /** A live line may be drawn on stderr. */
  readonly isLive: boolean;

  constructor(private readonly options: OutputOptions) {
    const level = (terminal: Terminal) => (options.color && terminal.isTTY === true ? 1 : 0);
    this.isJson = options.format === 'json';
    this.isQuiet = options.quiet;
    this.paint = new Chalk({ level: level(options.stdout) });
    this.talkPaint = new Chalk({ level: level(options.stderr) });
    // A terminal that tells no width (a pty without a size) has no line to draw on: what a
    // live line wraps to would be endless.
    const isTerminal = options.stderr.isTTY === true && (options.stderr.columns ?? 0) > 0;
    this.isLive = isTerminal && options.isDumb !== true && !options.quiet;
  }

  /** People read stdout: bars and the like may be drawn. */
  get isTerminal(): boolean {
    return this.options.stdout.isTTY === true;
  }

  /** Of stdout. A pipe has no width: for one, nothing is broken and nothing is cut. */
  get columns(): number {
    return columnsOf(this.options.stdout);
  }

  /** When what is written to stdout now is read. Null: any time, for it goes into a pipe or a file. */
  readAt(nowMs: number): number | null {
    return this.isTerminal ? nowMs : null;
  }

  /** Of stderr. */
  get talkColumns(): number {
    return columnsOf(this.options.stderr);
  }

  /** The one document of a command: JSON, or what `table` draws of it. */
  result(document: unknown, table: () => string): void {
    if (this.isJson) {
      this.options.stdout.write(`${toJson(document, this.options.stdout.isTTY ? 2 : 0)}\n`);
      return;
    }
    const text = table();
    if (text !== '') this.options.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** One line of a stream of JSON objects. */
  jsonLine(document: unknown): void {
    this.options.stdout.write(`${toJson(document, 0)}\n`);
  }

  /** Raw data on stdout, as an export writes it. */
  raw(text: string): void {
    this.options.stdout.write(text);
  }

  /** What a person may want to know; silent with --quiet. */
  note(text: string): void {
    if (!this.isQuiet) this.talk(text);
  }

  /** A line on stderr, also with --quiet; a sentence that is longer than the terminal is broken. */
  talk(text: string): void {
    // A name in it may have come from anywhere.
    const safe = this.talkPaint.level === 0 ? printable : printablePainted;
    const lines = this.#wrapped(text).split('\n').map(safe);
    this.options.stderr.write(`${lines.join('\n')}\n`);
  }

  /** Detail for --verbose only. */
  detail(text: string): void {
    if (this.options.verbose) this.talk(this.talkPaint.dim(text));
  }

  warn(text: string): void {
    this.talk(`${this.talkPaint.yellow('warning:')} ${text}`);
  }

  /** Why the command failed, and what to do next. */
  failure(message: string, hint: string | null): void {
    this.talk(`${this.talkPaint.red('error:')} ${message}`);
    if (hint !== null) this.talk(`  ${this.talkPaint.dim('hint:')} ${hint}`);
  }

  #wrapped(text: string): string {
    const lines = text.split('\n').map((line) => wrapped(line, this.talkColumns));
    return lines.join('\n');
  }
}

function columnsOf({ isTTY, columns = 0 }: Terminal): number {
  if (isTTY !== true) return Infinity;
  return columns > 0 ? columns : UNTOLD_COLUMNS;
}

/**
 * Offsets are 64 bit and become strings. What could steer a terminal is escaped, also where JSON
 * itself lets it stand: the second set of control characters (U+009B begins a command as ESC [ does), and what can't be seen.
 */
export function toJson(document: unknown, indent: number): string {
  const json = JSON.stringify(
    document,
    (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    indent,
  );
  return json.replace(STEERING, escaped);
}

/** Without the line feeds that an indented document has. */
const STEERING = steering('(?!\\n)');

/** ISO 8601 UTC, or null where the instant is not known. */
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** hh:mm:ss UTC, for what is shown beside today's times. */
export function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}
