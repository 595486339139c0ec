import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { UsageError, messageOf } from '../../errors.js';
import type { TlsFiles } from '../../ports/cluster-access.js';

// Node's crypto and tls are loaded where they are used: most commands start without.

/**
 * Reads and checks the files: the handshake would only report OpenSSL's own errors. Throws UsageError
 * that names the option.
 */
export function tlsOptions({ caFile, certFile, keyFile }: TlsFiles): ConnectionOptions {
  return {
    ...(caFile === null ? {} : { ca: readCa(caFile) }),
    ...(certFile === null || keyFile === null ? {} : readPair(certFile, keyFile)),
  };
}

function readCa(path: string): Buffer {
  const ca = read('ca', path);
  try {
    // Node accepts a file without a certificate as an empty list.
    new (process.getBuiltinModule('node:crypto').X509Certificate)(ca);
  } catch (error) {
    throw notPem(`--tls-ca ${path} does not contain a certificate: ${messageOf(error)}`);
  }
  return ca;
}

function readPair(certFile: string, keyFile: string) {
  const pair = { cert: read('cert', certFile), key: read('key', keyFile) };
  if (pair.key.includes('ENCRYPTED')) {
    throw new UsageError(
      `--tls-key ${keyFile} is encrypted, and coupons can't ask for its passphrase.`,
      'Give a key without a passphrase, in a file that only you may read: openssl pkey -in <key> -out <file>',
    );
  }
  try {
    process.getBuiltinModule('node:tls').createSecureContext(pair);
  } catch (error) {
    throw notPem(
      `--tls-cert ${certFile} and --tls-key ${keyFile} are not a certificate and its key: ${messageOf(error)}`,
    );
  }
  return pair;
}

function read(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw notPem(`Cannot read --tls-${option} ${path}: ${messageOf(error)}`);
  }
}

function notPem(message: string): UsageError {
  return new UsageError(message, 'Give the path of a PEM file ("-----BEGIN ...").');
}
