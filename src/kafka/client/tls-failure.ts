/** TLS failures in plain words: the messages of Node and OpenSSL are for their developers. */

/** Node's message when the peer closes the connection during the TLS handshake. */
const NO_TLS_THERE = /before secure TLS connection|wrong version number/i;

export function isTlsFailure(message: string, error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    NO_TLS_THERE.test(message) ||
    /certificate|altname|SSL routines|tlsv1|handshake/i.test(message) ||
    /^(ERR_SSL|ERR_TLS|DEPTH_ZERO|UNABLE_TO_|CERT_)/.test(code)
  );
}

/** In words; OpenSSL's own are "80DC...:error:0A000412:SSL routines:ssl3_read_bytes:<reason>:...". */
export function tlsFailure(text: string): {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
} {
  const code = 'TLS_FAILED';
  const alert = /SSL routines:[^:]*:(?:sslv3 |tlsv1 |tlsv13 )?([^:]+)/.exec(text)?.[1] ?? '';
  if (NO_TLS_THERE.test(text)) {
    return {
      code: 'TLS_NOT_OFFERED',
      reason: 'the broker does not use TLS on that port',
      hint: 'Remove --tls and --tls-ca, or give the port of its TLS listener with --brokers.',
    };
  }
  if (/^alert (bad certificate|certificate required|unknown ca)/.test(alert)) {
    return {
      code,
      reason: `the broker requires a client certificate, or does not accept this one (${alert})`,
      hint: 'Give a certificate that the broker trusts with --tls-cert, and its key with --tls-key.',
    };
  }
  if (/certificate (has expired|is not yet valid)/.test(text)) {
    return {
      code,
      reason: text,
      hint: 'Renew the certificate of the broker, or correct the clock of this machine.',
    };
  }
  return {
    code,
    reason: alert === '' ? text : alert,
    hint: 'Give the CA that signed the certificate of the broker with --tls-ca, and use the host name in that certificate with --brokers.',
  };
}
