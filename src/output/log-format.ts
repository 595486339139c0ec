import { isoTime, toJson } from './output.js';
import { printable } from './printable.js';

export type LogFormat = 'text' | 'json';

/** What a line says beside its message, for programs: JSON, and offsets as bigint. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface LogEntry {
  readonly atMs: number;
  readonly level: 'info' | 'warn';
  /** Who says it: "Kafka Consumer". */
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** One line, with its line feed. Neither can steer the terminal that it is read on, whatever a record holds. */
export function logLine(format: LogFormat, entry: LogEntry): string {
  return `${format === 'json' ? jsonLine(entry) : textLine(entry)}\n`;
}

/** As the system that this tool takes over from has it: `2026-11-22T10:00:00.000Z INFO  [Kafka Consumer] ...`. */
function textLine({ atMs, level, logger, message }: LogEntry): string {
  const safe = printable(message.replaceAll('\n', ' '));
  return `${new Date(atMs).toISOString()} ${level.toUpperCase().padEnd(5)} [${logger}] ${safe}`;
}

function jsonLine({ atMs, level, logger, message, fields }: LogEntry): string {
  return toJson({ time: isoTime(atMs), level, logger, message, ...fields }, 0);
}
