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

export interface TlsFailure {
  /** `dates`: the server's certificate has expired, or is not valid yet. */
  readonly kind: 'not-offered' | 'client-certificate' | 'dates' | 'other';
  /** In words; OpenSSL's own are "80DC...:error:0A000412:SSL routines:ssl3_read_bytes:<reason>:...". */
  readonly reason: string;
}

/** What a message of Node or OpenSSL means. */
export function tlsFailureOf(text: string): TlsFailure {
  const alert = /SSL routines:[^:]*:(?:sslv3 |tlsv1 |tlsv13 )?([^:]+)/.exec(text)?.[1] ?? '';
  const reason = alert === '' ? text : alert;
  if (NO_TLS_THERE.test(text)) return { kind: 'not-offered', reason };
  if (/^alert (bad certificate|certificate required|unknown ca)/.test(alert)) {
    return { kind: 'client-certificate', reason };
  }
  if (/certificate (has expired|is not yet valid)/.test(text)) {
    return { kind: 'dates', reason: text };
  }
  return { kind: 'other', reason };
}
