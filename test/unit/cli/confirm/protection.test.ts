import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { configPath } from '../../../../src/config/config-file.js';
import { protectingContext } from '../../../../src/cli/confirm/protection.js';
import type { StoreLocation } from '../../../../src/config/store-location.js';
import { temporaryDir } from '../../../support/temporary-dir.js';

const env = { XDG_CONFIG_HOME: temporaryDir() };
const dataDir = '/data/coupons';
const file = configPath(env);
const POSTGRES = 'postgres://ops@db-1:5432/sale';

/** As written by hand: without a port, with a relative path. */
const CONTEXTS = {
  sale: { brokers: 'Kafka-1, kafka-2:9093', protected: true },
  other: { brokers: 'other:9092', store: 'other.db', protected: true },
  remote: { brokers: 'remote:9092', store: POSTGRES, protected: true },
  test: { brokers: 'test:9092' },
  freed: { brokers: 'freed:9092', protected: false },
};
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify({ current: null, contexts: CONTEXTS }));

const sqlite = (name: string): StoreLocation => ({ kind: 'sqlite', name });
const OWN_STORE = sqlite('/elsewhere/own.db');
const postgres = { kind: 'postgres', name: POSTGRES } as StoreLocation;

test.each<readonly [string, string | null, string, StoreLocation, string | null]>([
  ['the protected context in use', 'sale', 'kafka-1:9092', OWN_STORE, 'sale'],
  ['it, whatever brokers are given', 'sale', 'localhost:9092', OWN_STORE, 'sale'],
  ['the one whose broker is given without it', null, 'kafka-1:9092', OWN_STORE, 'sale'],
  ['the one whose broker another context has', 'test', 'kafka-2:9093', OWN_STORE, 'sale'],
  ['not one with another port', null, 'kafka-2:9092', OWN_STORE, null],
  ['the one whose store is given', null, 'x:1', sqlite(join(dirname(file), 'other.db')), 'other'],
  [
    'the one whose own store is given',
    null,
    'x:1',
    sqlite('/data/coupons/coupons-sale.db'),
    'sale',
  ],
  ['the one whose database is given', null, 'x:1', postgres, 'remote'],
  ['none that is not protected', 'test', 'test:9092', OWN_STORE, null],
  ['none that is no longer protected', 'freed', 'freed:9092', OWN_STORE, null],
  ['none without a context', null, 'x:1', OWN_STORE, null],
])('what protects is %s', (_what, contextName, broker, store, name) => {
  expect(protectingContext({ contextName, brokers: [broker], store, dataDir }, env)).toBe(name);
});

test('a "protected" that is neither true nor false is refused, not taken for false', () => {
  const home = { XDG_CONFIG_HOME: temporaryDir() };
  mkdirSync(dirname(configPath(home)), { recursive: true });
  const contexts = { sale: { protected: 'yes' } };
  writeFileSync(configPath(home), JSON.stringify({ current: null, contexts }));
  const reach = { contextName: null, brokers: ['x:1'], store: OWN_STORE, dataDir };
  expect(() => protectingContext(reach, home)).toThrow(
    '"protected" of context "sale" is neither true nor false',
  );
});
