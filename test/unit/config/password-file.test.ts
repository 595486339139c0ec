import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import {
  passwordFor,
  passwordFileOf,
  readPasswordFile,
} from '../../../src/config/password-file.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const login = { host: 'db-1', port: 5432, database: 'sale', user: 'issuer' };

describe('an entry of a password file', () => {
  it.each([
    ['db-1:5432:sale:issuer:hunter2', 'hunter2'],
    ['*:*:*:*:hunter2', 'hunter2'],
    ['# db-1:5432:sale:issuer:no\r\ndb-1:5432:sale:issuer:hunter2\r\n', 'hunter2'],
    ['db-1:5432:sale:other:no\ndb-1:*:sale:issuer:first\n*:*:*:*:second', 'first'],
    ['db-1:5432:sale:issuer:a\\:b\\\\c', 'a:b\\c'],
    ['db-1:5432:sale:issuer:ends in \\', 'ends in \\'],
    ['db-1:5432:sale:issuer:one:more', 'one'],
    ['db-1:5432:sale:issuer:', null],
    ['db-1:5432:sale:issuer', null],
    ['db-1:54321:sale:issuer:no', null],
    ['', null],
  ])('%j: %j', (text, password) => {
    expect(passwordFor(text, login)).toBe(password);
  });

  it('escapes a colon in what it is for', () => {
    expect(passwordFor('\\:\\:1:*:*:*:hunter2', { ...login, host: '::1' })).toBe('hunter2');
  });
});

test('a file that others may read is refused, and so is one that is not there', () => {
  const path = join(temporaryDir(), 'pgpass');
  expect(() => readPasswordFile(path, login)).toThrow(
    `Cannot read the password file ${path}: no such file or directory.`,
  );
  writeFileSync(path, '*:*:*:*:hunter2\n', { mode: 0o600 });
  expect(readPasswordFile(path, login)).toBe('hunter2');
  chmodSync(path, 0o640);
  expect(() => readPasswordFile(path, login)).toThrow('Other users may read the password file');
  expect(() => readPasswordFile(path, login)).not.toThrow('hunter2');
});

test('PGPASSFILE names it', () => {
  expect(passwordFileOf({ PGPASSFILE: '/p' })).toBe('/p');
});
