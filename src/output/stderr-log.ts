import type { LogFile } from './log-file.js';
import { logLine, type LogEntry, type LogFormat } from './log-format.js';
import type { Terminal } from './output.js';

/** A log on stderr, which another program keeps: what runs the container, or a service manager. */
export function stderrLog(stderr: Terminal, logger: string, format: LogFormat): LogFile {
  const write = (entry: Pick<LogEntry, 'level' | 'message' | 'fields'>) =>
    void stderr.write(logLine(format, { atMs: Date.now(), logger, ...entry }));
  return {
    isOnStderr: true,
    info: (message, fields = {}) => {
      write({ level: 'info', message, fields });
    },
    warn: (message, fields = {}) => {
      write({ level: 'warn', message, fields });
    },
    close: () => Promise.resolve(),
  };
}
