import { CliError } from '../../errors.js';

/** A request that is refused, and the status that says so. */
export class HttpError extends CliError {
  constructor(
    readonly status: number,
    code: string,
    message: string,
    hint: string | null = null,
    /** Headers that belong to the status: Allow, WWW-Authenticate. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message, hint);
  }
}

export function badRequest(message: string, hint: string | null = null): HttpError {
  return new HttpError(400, 'BAD_REQUEST', message, hint);
}

export function notFound(path: string): HttpError {
  return new HttpError(404, 'NOT_FOUND', `There is nothing at ${path}.`);
}

export function unsupportedMediaType(accepted: string): HttpError {
  return new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', `The Content-Type must be ${accepted}.`);
}
