import { CliError, messageOf } from '../errors.js';
import type { Trouble } from '../doctor/doctor.js';

/** An error as something that was found, instead of the end of the command. */
export function troubleOf(error: unknown): Trouble {
  return error instanceof CliError
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: 'INTERNAL', message: messageOf(error), hint: null };
}
