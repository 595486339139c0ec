/** Calls on the server. Whatever fails is a value: what the terminal would say. */
import type { ErrorAnswer, Failure } from '../console/wire/part.js';

export type Answer<Data> =
  | { readonly data: Data; readonly failure: null }
  | { readonly data: null; readonly failure: Failure };

export function get<Data>(
  path: string,
  query: Readonly<Record<string, string | number>> = {},
  signal?: AbortSignal,
): Promise<Answer<Data>> {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  );
  const suffix = parameters.size === 0 ? '' : `?${parameters.toString()}`;
  return call(path + suffix, signal === undefined ? {} : { signal });
}

export function post<Data>(path: string, body: unknown = {}): Promise<Answer<Data>> {
  return call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function call<Data>(path: string, init: RequestInit): Promise<Answer<Data>> {
  try {
    const response = await fetch(path, init);
    const text = await response.text();
    const answer: unknown = text === '' ? null : JSON.parse(text);
    return response.ok
      ? { data: answer as Data, failure: null }
      : { data: null, failure: (answer as ErrorAnswer).error };
  } catch {
    return { data: null, failure: UNREACHABLE };
  }
}

/** Of this page, not of the server: the words are in the dictionary (`shell.unreachable`). */
const UNREACHABLE: Failure = { code: 'SERVER_UNREACHABLE', message: '', hint: null };
