import { readPasswordFile, type Login } from './password-file.js';
import { readSecret, type SecretReference } from './secret.js';

/** Reads the password of `login` each time it is called, and keeps it nowhere; null: there is none. Throws UsageError. */
export function storePasswordAt(
  reference: SecretReference | null,
  login: Login,
  env: NodeJS.ProcessEnv,
): () => string | null {
  return () => {
    if (reference === null) return null;
    return reference.kind === 'password-file'
      ? readPasswordFile(reference.path, login)
      : readSecret(reference, env);
  };
}
