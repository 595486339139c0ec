import { isTlsFailure, tlsFailureOf } from '../../../tls-failure.js';
import { TLS_NOT_OFFERED } from './tls.js';

interface StoreTlsFailure {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

const FAILED = 'STORE_TLS_FAILED';

const NOT_OFFERED: StoreTlsFailure = {
  code: 'STORE_TLS_NOT_OFFERED',
  reason: 'the server does not use TLS, without which sslmode allows no connection',
  hint: 'Turn TLS on in the server (ssl = on), or give sslmode=disable in the URL if the network is safe.',
};

/** What a failed TLS connection to a server means, and what to do; null: TLS is not to blame. */
export function storeTlsFailure({ message, cause }: Error): StoreTlsFailure | null {
  if (message === TLS_NOT_OFFERED) return NOT_OFFERED;
  if (!isTlsFailure(message, cause)) return null;
  const { kind, reason } = tlsFailureOf(message);
  switch (kind) {
    case 'not-offered':
      return NOT_OFFERED;
    case 'client-certificate':
      return {
        code: FAILED,
        reason: 'the server requires a client certificate, or does not accept this one',
        hint: 'Give one that the server trusts with sslcert in the URL, and its key with sslkey.',
      };
    case 'dates':
      return {
        code: FAILED,
        reason: 'the certificate of the server is not valid now',
        hint: 'Renew the certificate of the server, or correct the clock of this machine.',
      };
    case 'name':
      return {
        code: FAILED,
        reason,
        hint: 'Give a host name that is in the certificate in the URL, or sslmode=verify-ca if its name does not matter.',
      };
    case 'other':
      return NOT_TRUSTED;
  }
}

const NOT_TRUSTED: StoreTlsFailure = {
  code: FAILED,
  reason: 'the certificate of the server cannot be trusted',
  hint: 'Give the CA that signed it with sslrootcert in the URL.',
};
