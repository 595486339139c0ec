/** TLS as libpq's sslmode asks for it: https://www.postgresql.org/docs/current/libpq-ssl.html */
import type { ConnectionOptions } from 'node:tls';
import { checkServerName } from '../../../tls-failure.js';
import { readCa, readClientCertificate } from '../../../tls-files.js';
import type { PostgresLocation } from './target.js';

/** What the driver takes as `ssl`; false: no TLS. */
type Tls = ConnectionOptions | false;

type TlsSettings = Pick<PostgresLocation, 'sslMode' | 'sslRootCert' | 'sslCert' | 'sslKey'>;

/**
 * What to connect with: the second one only where the server does not offer the first. Throws
 * UsageError for a file that is not what it should be.
 */
export function tlsAttempts(settings: TlsSettings): readonly [Tls, ...Tls[]] {
  const { sslMode } = settings;
  switch (sslMode) {
    case 'disable':
      return [false];
    case 'prefer':
      return [{ ...certificates(settings), rejectUnauthorized: false }, false];
    case 'require':
      // A CA would be given for nothing if it did not count.
      return settings.sslRootCert === null
        ? [{ ...certificates(settings), rejectUnauthorized: false }]
        : [{ ...certificates(settings), ...ANY_NAME }];
    case 'verify-ca':
      return [{ ...certificates(settings), ...ANY_NAME }];
    case 'verify-full':
      return [
        {
          ...certificates(settings),
          rejectUnauthorized: true,
          checkServerIdentity: checkServerName,
        },
      ];
  }
}

/** The certificate must be of the CA, for whatever host. */
const ANY_NAME: ConnectionOptions = {
  rejectUnauthorized: true,
  checkServerIdentity: () => undefined,
};

function certificates({ sslRootCert, sslCert, sslKey }: TlsSettings): ConnectionOptions {
  return {
    ...(sslRootCert === null ? {} : readCa({ option: 'sslrootcert', path: sslRootCert })),
    ...(sslCert === null || sslKey === null
      ? {}
      : readClientCertificate(
          { option: 'sslcert', path: sslCert },
          { option: 'sslkey', path: sslKey },
        )),
  };
}

/** The driver's words for a server that answers the wish for TLS with "N". */
export const TLS_NOT_OFFERED = 'The server does not support SSL connections';
