import { describe, expect, it, test } from 'vitest';
import { isStoreUrl, storeLocation } from '../../../src/config/store-location.js';
import { UsageError } from '../../../src/errors.js';

const read = (text: string, env: NodeJS.ProcessEnv = {}) => storeLocation(text, env);

test('a path is a file of SQLite, whatever it looks like', () => {
  for (const path of ['/var/lib/coupons.db', 'coupons.db', './postgres', 'C:\\store.db']) {
    expect(read(path)).toEqual({ kind: 'sqlite', name: path });
    expect(isStoreUrl(path)).toBe(false);
  }
});

describe('a URL', () => {
  it('names host, port, database, user and schema', () => {
    expect(read('postgres://issuer@db-1:6432/sale?schema=coupons')).toEqual({
      kind: 'postgres',
      name: 'postgres://issuer@db-1:6432/sale?schema=coupons',
      host: 'db-1',
      port: 6432,
      database: 'sale',
      user: 'issuer',
      schema: 'coupons',
      sslMode: 'prefer',
      sslRootCert: null,
      sslCert: null,
      sslKey: null,
    });
  });

  it('takes what it leaves out from the variables of libpq, then from its defaults', () => {
    const env = { PGUSER: 'u', PGHOST: 'h', PGPORT: '1', PGDATABASE: 'd', PGSSLMODE: 'require' };
    expect(read('postgresql://', env)).toMatchObject({
      name: 'postgres://u@h:1/d',
      user: 'u',
      host: 'h',
      port: 1,
      database: 'd',
      sslMode: 'require',
    });
    expect(read('postgresql:///', { PGUSER: 'u' })).toMatchObject({
      name: 'postgres://u@localhost:5432/u',
      host: 'localhost',
      port: 5432,
      database: 'u',
      sslMode: 'prefer',
    });
  });

  it('may have encoded parts, an IPv6 address and certificates', () => {
    const url =
      'postgres://a%40b@[::1]/d%20b?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c&sslkey=/k';
    expect(read(url)).toMatchObject({
      name: url.replace('[::1]', '[::1]:5432'),
      user: 'a@b',
      host: '::1',
      database: 'd b',
      sslMode: 'verify-full',
      sslRootCert: '/ca.pem',
      sslCert: '/c',
      sslKey: '/k',
    });
  });

  it.each([
    ['postgres://user:hunter2@host/db', /holds a password/],
    ['postgres://host/db?password=hunter2', /holds a password/],
    ['mysql://user:hunter2@host/db', /holds a password/],
    ['postgres://user:hunter2/x@host/db', /holds a password/],
    ['mysql://user@host/db', /begins with mysql:, /],
    ['postgres://hunter2@host:port/db', /can't be read/],
    ['postgres://host/db?pool=hunter2', /parameter "pool"/],
    ['postgres://host/db?sslmode=on', /sslmode in the store's URL is "on"/],
    [
      'postgres://host/db?sslrootcert=ca.pem',
      /sslrootcert .* is "ca.pem", which is not an absolute/,
    ],
    ['postgres://host/db?sslcert=/c.pem', /sslcert and sslkey .* go together/],
    ['postgres://%zz@host/db', /user .* not well encoded/],
    ['postgres://u%00@host/db', /user .* not well encoded/],
    ['postgres://host/db?schema=a%00b', /schema .* has a NUL/],
    ['postgres://host/db?schema=a&schema=b', /"schema" twice/],
    ['postgres://host/db#hunter2', /has a # in it/],
    ['jdbc:postgresql://host/db?user=u&password=hunter2', /holds a password/],
    ['postgres:/user:hunter2@host/db', /begins with postgres:, /],
    ['jdbc:postgresql://host/db', /begins with jdbc:, /],
    ['postgres:user@host', /begins with postgres:, /],
    [' postgres://user:hunter2@host/db', /holds a password/],
  ])('%s is refused, and what may be a secret is not repeated', (url, message) => {
    expect(() => read(url)).toThrow(UsageError);
    expect(() => read(url)).toThrow(message);
    expect(() => read(url)).not.toThrow(/hunter2/);
  });

  it('takes certificates from the variables of libpq, and "system" for what Node trusts', () => {
    const env = { PGSSLROOTCERT: '/ca.pem', PGSSLCERT: '/c.pem', PGSSLKEY: '/k.pem' };
    expect(read('postgres://u@h/d', env)).toMatchObject({
      sslRootCert: '/ca.pem',
      sslCert: '/c.pem',
      sslKey: '/k.pem',
    });
    const system = 'postgres://u@h/d?sslmode=verify-full&sslrootcert=system';
    expect(read(system, env)).toMatchObject({ sslRootCert: null });
    expect(() => read('postgres://u@h/d', { PGSSLMODE: 'on' })).toThrow('PGSSLMODE is "on".');
  });

  it.each(['abc', '-1', '70000', '5432,5433', '54e1'])('refuses the PGPORT %s', (port) => {
    expect(() => read('postgres://u@h/d', { PGPORT: port })).toThrow(`PGPORT is "${port}"`);
    expect(read('postgres://u@h:1/d', { PGPORT: port })).toMatchObject({ port: 1 });
  });
});
