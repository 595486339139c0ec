import { readSecret } from '../../config/secret.js';
import { UsageError } from '../../errors.js';
import type { SaslLogin } from '../../ports/cluster-access.js';
import type { SaslOptions } from './options.js';

/** Reads the password only now. Throws UsageError where user name or password is missing. */
export function saslLogin(sasl: SaslOptions | null, env: NodeJS.ProcessEnv): SaslLogin | null {
  if (sasl === null) return null;
  const { mechanism, username, password } = sasl;
  if (username === null || password === null) {
    throw new UsageError(
      `SASL ${mechanism} needs a user name and a password.`,
      'Set COUPONS_SASL_USERNAME, and COUPONS_SASL_PASSWORD or COUPONS_SASL_PASSWORD_FILE.',
    );
  }
  return { mechanism, username, password: readSecret(password, env) };
}
