import { messageOf, UsageError, withFullStop } from '../../errors.js';
import { readGivenFile } from '../../given-file.js';
import { randomToken } from '../../serve/http/access/credentials.js';
import { isLoopback } from '../../serve/http/access/loopback.js';

/** The token that opens the console. */
export interface ConsoleToken {
  readonly token: string;
  /** By the operator, who has it: it is not printed. */
  readonly isGiven: boolean;
}

export interface TokenOptions {
  readonly host: string;
  readonly tokenFile?: string;
}

const VARIABLE = 'COUPONS_SERVE_TOKEN';

/** 16 characters, also of hexadecimal digits, are beyond guessing at ten tries a second. */
const LEAST_CHARACTERS = 16;
const MOST_CHARACTERS = 500;

const MAKE_ONE = 'Make one with `openssl rand -hex 32`.';

/** Throws UsageError for one that can't be used, and where there is none beyond this machine. */
export function consoleToken(
  { host, tokenFile }: TokenOptions,
  env: NodeJS.ProcessEnv,
): ConsoleToken {
  if (tokenFile !== undefined) {
    return { token: checked(contentOf(tokenFile), `in ${tokenFile}`), isGiven: true };
  }
  const variable = env[VARIABLE];
  if (variable !== undefined) {
    return { token: checked(variable, `in ${VARIABLE}`), isGiven: true };
  }
  if (isLoopback(host)) return { token: randomToken(), isGiven: false };
  throw new UsageError(
    `With --host ${host} other machines can reach the console, so it needs a token.`,
    `Give --token-file, or set ${VARIABLE}. ${MAKE_ONE}`,
  );
}

function contentOf(path: string): string {
  try {
    return readGivenFile(path)
      .toString()
      .replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(
      withFullStop(`Cannot read the token from ${path}: ${messageOf(error)}`),
      MAKE_ONE,
    );
  }
}

/** It must fit into a header: see https://www.rfc-editor.org/rfc/rfc6750#section-2.1. */
function checked(token: string, where: string): string {
  if (token === '') throw new UsageError(`The token ${where} is empty.`, MAKE_ONE);
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(
      `The token ${where} has characters that are not printable ASCII, or spaces.`,
      MAKE_ONE,
    );
  }
  if (token.length < LEAST_CHARACTERS || token.length > MOST_CHARACTERS) {
    throw new UsageError(
      `The token ${where} has ${token.length} characters; it must have ${LEAST_CHARACTERS} to ${MOST_CHARACTERS}.`,
      MAKE_ONE,
    );
  }
  return token;
}
