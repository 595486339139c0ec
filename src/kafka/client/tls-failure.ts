import { tlsFailureOf } from '../../tls-failure.js';

/** What a failed TLS connection to a broker means, and what to do. `text`: the message of Node or OpenSSL. */
export function tlsFailure(text: string): {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
} {
  const code = 'TLS_FAILED';
  const { kind, reason } = tlsFailureOf(text);
  switch (kind) {
    case 'not-offered':
      return {
        code: 'TLS_NOT_OFFERED',
        reason: 'the broker does not use TLS on that port',
        hint: 'Remove --tls and --tls-ca, or give the port of its TLS listener with --brokers.',
      };
    case 'client-certificate':
      return {
        code,
        reason: `the broker requires a client certificate, or does not accept this one (${reason})`,
        hint: 'Give a certificate that the broker trusts with --tls-cert, and its key with --tls-key.',
      };
    case 'dates':
      return {
        code,
        reason,
        hint: 'Renew the certificate of the broker, or correct the clock of this machine.',
      };
    case 'name':
      return {
        code,
        reason,
        hint: 'Give one of these names with --brokers; if the cluster names its brokers otherwise, fix their advertised.listeners, or issue a certificate for that name.',
      };
    case 'other':
      return {
        code,
        reason,
        hint: 'Give the CA that signed the certificate of the broker with --tls-ca.',
      };
  }
}
