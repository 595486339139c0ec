/** What a route answers, as a value; http-server.ts writes it. */
import type { ServerResponse } from 'node:http';
import { CliError, failureOf, UnreachableError, UsageError } from '../../errors.js';
import { HttpError } from './http-error.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | StreamedBody;
}

/** Writes to the client until it is gone. The head is written already. */
export type StreamedBody = (response: ServerResponse) => void;

export function json(document: unknown, status = 200): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: `${JSON.stringify(document)}\n`,
  };
}

export function text(body: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status: 200, headers: { 'Content-Type': contentType }, body };
}

/** The error as `ErrorAnswer` of ../console/wire/: its message, never a stack trace. */
export function errorAnswer(error: unknown): Answer {
  const { headers, ...answer } = json({ error: failureOf(error) }, statusOf(error));
  return {
    ...answer,
    headers: error instanceof HttpError ? { ...headers, ...error.headers } : headers,
  };
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof UnreachableError) return 503;
  if (error instanceof UsageError) return 400;
  if (!(error instanceof CliError)) return 500;
  if (error.code === 'READ_ONLY') return 403;
  if (error.code === 'REPLAY_RUNNING') return 409;
  return error.code.endsWith('_NOT_FOUND') ? 404 : 500;
}
