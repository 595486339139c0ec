import { readFileSync } from 'node:fs';
import { UsageError, messageOf } from '../errors.js';

/** Where a secret is; the secret itself is read when it is needed and kept nowhere. */
export type SecretReference =
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string };

export function describeSecret(reference: SecretReference): string {
  return reference.kind === 'environment'
    ? `environment variable ${reference.variable}`
    : `file ${reference.path}`;
}

/** A line end at the end of a file is not part of the secret. Throws UsageError where it is empty. */
export function readSecret(reference: SecretReference, env: NodeJS.ProcessEnv): string {
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
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `Cannot read the password from ${path}: ${messageOf(error)}`,
      'Check --sasl-password-file, COUPONS_SASL_PASSWORD_FILE or the context.',
    );
  }
}
