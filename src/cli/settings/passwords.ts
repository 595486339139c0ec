/** Where the passwords of the cluster and of the store are, and who said so. */
import { describeSecret, type OneSecret, type SecretReference } from '../../config/secret.js';
import { passwordFileOf } from '../../config/password-file.js';
import type { EffectiveSetting } from '../../config/settings.js';
import { UsageError } from '../../errors.js';
import { LEVELS, type Level, type Origin, type Origins } from './origins.js';

export interface Password<Reference extends SecretReference> extends Origin {
  readonly reference: Reference;
}

/** Of what commander read, the places of passwords. */
export interface PasswordOptions {
  readonly saslPasswordEnv?: string;
  readonly saslPasswordFile?: string;
  readonly storePasswordEnv?: string;
  readonly storePasswordFile?: string;
}

/** Of SASL. Throws UsageError where one level names both a variable and a file. */
export function saslPassword(
  given: PasswordOptions,
  origins: Origins,
  env: NodeJS.ProcessEnv,
): Password<OneSecret> | null {
  return passwordOf('sasl', given, origins, env);
}

/** The same for a store on PostgreSQL; where nothing of coupons says it, it is where psql looks. */
export function storePassword(
  given: PasswordOptions,
  origins: Origins,
  env: NodeJS.ProcessEnv,
): Password<SecretReference> | null {
  return passwordOf('store', given, origins, env) ?? libpqPassword(env);
}

/** As `context show` says it. */
export function passwordSetting(
  name: 'sasl-password' | 'store-password',
  password: Password<SecretReference> | null,
): EffectiveSetting {
  if (password === null) return { name, value: null, source: 'default', from: null };
  const { reference, source, from } = password;
  return { name, value: describeSecret(reference), source, from };
}

type Owner = 'sasl' | 'store';

function passwordOf(
  owner: Owner,
  given: PasswordOptions,
  origins: Origins,
  env: NodeJS.ProcessEnv,
): Password<OneSecret> | null {
  for (const level of LEVELS) {
    const [first, second] = passwordsAt(level, owner, given, origins, env);
    if (first !== undefined && second !== undefined) {
      throw new UsageError(
        `The ${owner === 'sasl' ? 'SASL' : "store's"} password is in ${describeSecret(first.reference)} and in ${describeSecret(second.reference)}.`,
        'Give only one of the two.',
      );
    }
    if (first !== undefined) return first;
  }
  return null;
}

function passwordsAt(
  level: Level,
  owner: Owner,
  given: PasswordOptions,
  origins: Origins,
  env: NodeJS.ProcessEnv,
): readonly Password<OneSecret>[] {
  const file = given[`${owner}PasswordFile`];
  const variable = given[`${owner}PasswordEnv`];
  const found: Password<OneSecret>[] = [];
  const [byFile, byVariable] = [`${owner}-password-file`, `${owner}-password-env`] as const;
  if (isSet(file) && origins.isAt(byFile, level)) {
    found.push({ reference: { kind: 'file', path: file }, ...origins.of(byFile) });
  }
  if (isSet(variable) && origins.isAt(byVariable, level)) {
    found.push({ reference: { kind: 'environment', variable }, ...origins.of(byVariable) });
  }
  const own = `COUPONS_${owner.toUpperCase()}_PASSWORD`;
  if (level === 'env' && isSet(env[own])) found.push(inVariable(own));
  return found;
}

/** https://www.postgresql.org/docs/current/libpq-envars.html */
function libpqPassword(env: NodeJS.ProcessEnv): Password<SecretReference> | null {
  if (isSet(env['PGPASSWORD'])) return inVariable('PGPASSWORD');
  const path = passwordFileOf(env);
  if (path === null) return null;
  const reference = { kind: 'password-file', path } as const;
  return isSet(env['PGPASSFILE'])
    ? { reference, source: 'environment', from: 'PGPASSFILE' }
    : { reference, source: 'default', from: null };
}

function inVariable(variable: string): Password<OneSecret> {
  return {
    reference: { kind: 'environment', variable },
    source: 'environment',
    from: variable,
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
