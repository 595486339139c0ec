/** The PEM files of a TLS connection, read and checked. */
import type { SecureContextOptions } from 'node:tls';
import { UsageError, messageOf, withFullStop } from './errors.js';
import { readGivenFile } from './given-file.js';

// Node's crypto and tls are loaded where they are used: most commands start without.

/** A file, and the option that names it. */
export interface NamedFile {
  readonly option: string;
  readonly path: string;
}

/** The handshake would only report OpenSSL's own errors. Throws UsageError that names the option. */
export function readCa(file: NamedFile): Pick<SecureContextOptions, 'ca'> {
  const ca = read(file);
  try {
    // Node accepts a file without a certificate as an empty list.
    new (process.getBuiltinModule('node:crypto').X509Certificate)(ca);
  } catch (error) {
    throw notPem(`${nameOf(file)} does not contain a certificate: ${messageOf(error)}`);
  }
  return { ca };
}

/** The certificate of this client. Throws as readCa does. */
export function readClientCertificate(
  certificate: NamedFile,
  key: NamedFile,
): Pick<SecureContextOptions, 'cert' | 'key'> {
  const pair = { cert: read(certificate), key: read(key) };
  if (pair.key.includes('ENCRYPTED')) {
    throw new UsageError(
      `${nameOf(key)} is encrypted, and coupons can't ask for its passphrase.`,
      'Give a key without a passphrase, in a file that only you may read: openssl pkey -in <key> -out <file>',
    );
  }
  try {
    process.getBuiltinModule('node:tls').createSecureContext(pair);
  } catch (error) {
    throw notPem(
      `${nameOf(certificate)} and ${nameOf(key)} are not a certificate and its key: ${messageOf(error)}`,
    );
  }
  return pair;
}

function read(file: NamedFile): Buffer {
  try {
    return readGivenFile(file.path);
  } catch (error) {
    throw notPem(withFullStop(`Cannot read ${nameOf(file)}: ${messageOf(error)}`));
  }
}

function nameOf({ option, path }: NamedFile): string {
  return `${option} ${path}`;
}

function notPem(message: string): UsageError {
  return new UsageError(message, 'Give the path of a PEM file ("-----BEGIN ...").');
}
