import { openLogFile, type LogFile } from '../../output/log-file.js';
import type { LogFormat } from '../../output/log-format.js';
import { stderrLog } from '../../output/stderr-log.js';
import { logPathOf } from '../log-path.js';
import type { Services } from '../services.js';

const LOGGER = 'Kafka Consumer';
/** As --log-file: stderr. */
const STDERR = '-';

export interface LogOptions {
  readonly logFile?: string;
  readonly logFormat: LogFormat;
}

/** The log of one run. Throws UnreachableError LOG_NOT_WRITABLE. */
export function openConsumeLog(
  services: Services,
  { logFile, logFormat: format }: LogOptions,
): LogFile {
  if (logFile === STDERR) return stderrLog(services.stderr, LOGGER, format);
  const path = logFile ?? logPathOf(services);
  const failed = (why: string) => {
    services.output.warn(`Cannot write the log ${path}: ${why}. Consuming goes on without it.`);
  };
  return openLogFile(path, { logger: LOGGER, format, failed });
}
