import { CliError } from '../errors.js';

/** Why a sink did not send everything, as an error of the command. */
export function sendFailure(error: Error): CliError {
  if (error instanceof CliError) return error;
  return new CliError('BROKER_ERROR', `Sending failed: ${error.message}`, null, { cause: error });
}
