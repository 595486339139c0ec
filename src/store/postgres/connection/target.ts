import type { ClientConfig } from 'pg';
import { UnreachableError } from '../../../errors.js';
import type { StorePassword } from '../../../ports/store-access.js';

/** Where a store is, as --store says it. */
export interface PostgresLocation {
  /** For people: the URL without a password. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Where its tables are; null: where the role's search_path leads. */
  readonly schema: string | null;
  /** https://www.postgresql.org/docs/current/libpq-ssl.html */
  readonly sslMode: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** PEM files. */
  readonly sslRootCert: string | null;
  readonly sslCert: string | null;
  readonly sslKey: string | null;
}

/** How to reach a store on PostgreSQL. */
export interface PostgresTarget extends PostgresLocation {
  /** Asked only where the server asks. */
  readonly password: StorePassword;
}

/** What the driver takes of it. */
export function loginOf({
  host,
  port,
  database,
  user,
  password,
  name,
}: PostgresTarget): ClientConfig {
  return {
    host,
    port,
    database,
    user,
    password: () => {
      const found = password();
      if (found === null) throw noPassword(name);
      return found;
    },
  };
}

function noPassword(name: string): UnreachableError {
  return new UnreachableError(
    'STORE_LOGIN_REFUSED',
    `Cannot open the store ${name}: the server asks for a password, and none is given.`,
    'Set COUPONS_STORE_PASSWORD, COUPONS_STORE_PASSWORD_FILE, PGPASSWORD or PGPASSFILE.',
  );
}
