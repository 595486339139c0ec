/** A schema of a command's own on the server of --store, whatever the URL says: what is there stays untouched. */
import { randomBytes } from 'node:crypto';
import { readSecret, type SecretReference } from '../../config/secret.js';
import type { PostgresLocation } from '../../config/store-location.js';
import { storePasswordAt } from '../../config/store-password.js';

export type Variables = Readonly<Record<string, string>>;

export interface OwnSchema {
  readonly schema: string;
  /** Of its server, without a schema. */
  readonly server: string;
  /** With these variables a command has its store there. */
  readonly env: Variables;
  /** More of them, which must not be shown. */
  readonly secrets: Variables;
  /** Removes it, if it is there. Throws UnreachableError. */
  readonly drop: () => Promise<void>;
}

/** Its name begins with `prefix`. A command creates it. */
export function ownSchema(
  store: PostgresLocation,
  reference: SecretReference | null,
  prefix: string,
): OwnSchema {
  const schema = `${prefix}_${randomBytes(4).toString('hex')}`;
  const server = new URL(store.name);
  server.searchParams.delete('schema');
  const url = new URL(server);
  url.searchParams.set('schema', schema);
  return {
    schema,
    server: server.href,
    env: { COUPONS_STORE: url.href, ...passwordFile(reference) },
    secrets: passwordItself(reference),
    drop: async () => {
      const { dropSchema } = await import('../../store/postgres/schema/drop-schema.js');
      const password = storePasswordAt(reference, store, process.env);
      await dropSchema({ ...store, schema, password });
    },
  };
}

/** PostgreSQL's own variables are inherited. */
function passwordFile(reference: SecretReference | null): Variables {
  return reference?.kind === 'file' ? { COUPONS_STORE_PASSWORD_FILE: reference.path } : {};
}

function passwordItself(reference: SecretReference | null): Variables {
  return reference?.kind === 'environment'
    ? { COUPONS_STORE_PASSWORD: readSecret(reference, process.env) }
    : {};
}
