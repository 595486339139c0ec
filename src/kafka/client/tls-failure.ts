/** TLS that fails, in words: Node and OpenSSL speak to those who wrote them. */

/** What Node says when the peer hangs up in the middle of the TLS handshake. */
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
      reason: 'the broker does not speak TLS there',
      hint: 'Leave --tls and --tls-ca out, or give the port of its TLS listener with --brokers.',
    };
  }
  if (/^alert (bad certificate|certificate required|unknown ca)/.test(alert)) {
    return {
      code,
      reason: `the broker does not accept our certificate, or that we have none (${alert})`,
      hint: 'Give a certificate it trusts with --tls-cert, and its key with --tls-key.',
    };
  }
  if (/certificate (has expired|is not yet valid)/.test(text)) {
    return {
      code,
      reason: text,
      hint: 'Have the certificate of the broker renewed, or the clock of this machine set right.',
    };
  }
  return {
    code,
    reason: alert === '' ? text : alert,
    hint: 'Give the CA that signed the certificate of the broker with --tls-ca, and the name it is made out to with --brokers.',
  };
}
