import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { UsageError, messageOf } from '../../errors.js';
import type { TlsFiles } from '../../ports/cluster-access.js';

// Node's crypto and tls are loaded where they are used: most commands start without.

/**
 * Reads the files and looks whether they are what they should be, which the handshake would only
 * say in OpenSSL's words. Throws UsageError that names the option.
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
    // Node takes a file without any certificate for an empty list, and says nothing.
    new (process.getBuiltinModule('node:crypto').X509Certificate)(ca);
  } catch (error) {
    throw notPem(`--tls-ca ${path} holds no certificate: ${messageOf(error)}`);
  }
  return ca;
}

function readPair(certFile: string, keyFile: string) {
  const pair = { cert: read('cert', certFile), key: read('key', keyFile) };
  if (pair.key.includes('ENCRYPTED')) {
    throw new UsageError(
      `--tls-key ${keyFile} is encrypted, and its passphrase can't be asked for.`,
      'Give a key without one, in a file that only you may read: openssl pkey -in <key> -out <file>',
    );
  }
  try {
    process.getBuiltinModule('node:tls').createSecureContext(pair);
  } catch (error) {
    throw notPem(
      `--tls-cert ${certFile} and --tls-key ${keyFile} are no certificate and its key: ${messageOf(error)}`,
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
