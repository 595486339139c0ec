import { UsageError, messageOf, withFullStop } from '../errors.js';
import { readGivenFile } from '../given-file.js';

/**
 * Where a secret is; the secret itself is read when it is needed and kept nowhere. A `password-file` is one
 * of PostgreSQL's, with many (password-file.ts).
 */
export type SecretReference = OneSecret | { readonly kind: 'password-file'; readonly path: string };

/** A place that holds this secret alone. */
export type OneSecret =
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string };

export function describeSecret(reference: SecretReference): string {
  switch (reference.kind) {
    case 'environment':
      return `environment variable ${reference.variable}`;
    case 'file':
      return `file ${reference.path}`;
    case 'password-file':
      return `password file ${reference.path}`;
  }
}

/** A line end at the end of a file is not part of the secret. Throws UsageError where it is empty. */
export function readSecret(reference: OneSecret, env: NodeJS.ProcessEnv): string {
  const secret =
    reference.kind === 'environment'
      ? (env[reference.variable] ?? '')
      : readSecretFile(reference.path).replace(/\r?\n$/, '');
  if (secret !== '') return secret;
  throw new UsageError(
    `The password is empty: ${describeSecret(reference)}.`,
    reference.kind === 'environment'
      ? `Set ${reference.variable}.`
      : 'Write the password into that file.',
  );
}

function readSecretFile(path: string): string {
  try {
    return readGivenFile(path).toString();
  } catch (error) {
    throw new UsageError(
      withFullStop(`Cannot read the password from ${path}: ${messageOf(error)}`),
      '`coupons context show` says where this path comes from.',
    );
  }
}
