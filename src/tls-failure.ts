/** TLS failures in plain words: the messages of Node and OpenSSL are for their developers. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/** Node's message when the peer closes the connection during the TLS handshake. */
const NO_TLS_THERE = /before secure TLS connection|wrong version number/i;

export function isTlsFailure(message: string, error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    NO_TLS_THERE.test(message) ||
    /certificate|SSL routines|tlsv1|handshake/i.test(message) ||
    /^(ERR_SSL|ERR_TLS|DEPTH_ZERO|UNABLE_TO_|CERT_)/.test(code)
  );
}

export interface TlsFailure {
  /**
   * `dates`: the server's certificate has expired, or is not valid yet. `name`: it is for other names than the one that was
   * connected to.
   */
  readonly kind: 'not-offered' | 'client-certificate' | 'dates' | 'name' | 'other';
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
  if (text.includes(IS_FOR)) return { kind: 'name', reason: text.slice(text.indexOf(IS_FOR)) };
  return { kind: 'other', reason };
}

const IS_FOR = 'the certificate of the server is for ';

/**
 * For tls.connect: Node's own check (RFC 6125), and where the name is wrong, an error that tlsFailureOf recognises and that says
 * which names the certificate has. Node's leaves out those of another type: host names where an IP address was given.
 */
export function checkServerName(host: string, certificate: PeerCertificate): Error | undefined {
  const error = checkServerIdentity(host, certificate);
  if (error === undefined) return undefined;
  const { subject, subjectaltname } = certificate;
  const names = subjectaltname ?? [subject.CN].flat().join(', ');
  const listed = names.replaceAll(/\b(DNS|IP Address):/g, '');
  return new Error(`${IS_FOR}${listed === '' ? 'no name' : listed}, not for ${host}`, {
    cause: error,
  });
}
