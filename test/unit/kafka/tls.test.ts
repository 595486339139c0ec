import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tlsOptions } from '../../../src/kafka/client/tls.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const dir = temporaryDir();

it.each([
  ['PKCS #8', '-----BEGIN ENCRYPTED PRIVATE KEY-----\n'],
  ['OpenSSL', '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n'],
])('says that a key encrypted as %s wants a passphrase', (_what, text) => {
  const keyFile = join(dir, 'client.key');
  writeFileSync(keyFile, text);
  const files = { caFile: null, certFile: keyFile, keyFile };
  expect(() => tlsOptions(files)).toThrow(`--tls-key ${keyFile} is encrypted`);
});

it.each(['ca', 'cert', 'key'] as const)('names the directory given as --tls-%s', (option) => {
  const file = join(dir, 'file');
  writeFileSync(file, '');
  const files = { caFile: null, certFile: file, keyFile: file, [`${option}File`]: dir };
  expect(() => tlsOptions(files)).toThrow(`Cannot read --tls-${option} ${dir}: it is a directory.`);
});
