import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  changeConfig,
  configPath,
  readConfig,
  writeConfig,
  type Config,
} from '../../../src/config/config-file.js';
import { readSecret } from '../../../src/config/secret.js';
import { temporaryDir } from '../../support/temporary-dir.js';

function fileHolding(text: string): string {
  const path = configPath({ XDG_CONFIG_HOME: temporaryDir() });
  mkdirSync(dirname(path));
  writeFileSync(path, text);
  return path;
}

test('no file is a file without contexts', () => {
  expect(readConfig(configPath({ XDG_CONFIG_HOME: temporaryDir() }))).toEqual({
    current: null,
    contexts: new Map(),
  });
});

test('what was written is read again, and only its owner may', () => {
  const path = configPath({ XDG_CONFIG_HOME: temporaryDir() });
  const contexts = new Map([['a', { brokers: 'a:1', timeout: 3, tls: true }]]);
  writeConfig(path, { current: null, contexts: new Map() });
  writeConfig(path, { current: 'a', contexts });
  expect(readConfig(path)).toEqual({ current: 'a', contexts });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(readdirSync(dirname(path))).toEqual(['config.json']);
});

test('a file that others could read is closed to them when it is replaced', () => {
  const path = fileHolding('{}');
  writeConfig(path, { current: null, contexts: new Map() });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

const adding = (name: string) => (config: Config) => ({
  ...config,
  contexts: new Map([...config.contexts, [name, { brokers: 'a:1' }]]),
});

test('changes made at the same time are all kept', async () => {
  const path = configPath({ XDG_CONFIG_HOME: temporaryDir() });
  const names = Array.from({ length: 20 }, (_unused, index) => `c${String(index)}`);
  await Promise.all(names.map((name) => changeConfig(path, adding(name))));
  expect([...readConfig(path).contexts.keys()].sort()).toEqual(names.sort());
  expect(readdirSync(dirname(path))).toEqual(['config.json']);
});

test('a change waits for the one that another process makes, unless that was killed', async () => {
  const path = fileHolding('{}');
  const lock = `${path}.lock`;
  writeFileSync(lock, '');
  const changed = changeConfig(path, adding('a'));
  // By then it would be done, were there no lock.
  await new Promise((resolve) => setImmediate(resolve));
  expect(readConfig(path).contexts.size).toBe(0);
  utimesSync(lock, new Date(0), new Date(0));
  await changed;
  expect(readConfig(path).contexts.has('a')).toBe(true);
});

test('a link to the file stays one', () => {
  const path = configPath({ XDG_CONFIG_HOME: temporaryDir() });
  const kept = join(temporaryDir(), 'kept.json');
  mkdirSync(dirname(path));
  writeFileSync(kept, '{}');
  symlinkSync(kept, path);
  writeConfig(path, adding('a')(readConfig(path)));
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readConfig(kept).contexts.has('a')).toBe(true);
});

test.each([
  ['{"version":2,"contexts":{}}', 'it has "version", which this version does not know'],
  ['{', 'JSON'],
  ['[]', 'it is not a JSON object'],
  ['{"current":1}', '"current" is not the name of a context'],
  ['{"contexts":[]}', '"contexts" is not an object'],
  ['{"contexts":{"a":1}}', 'context "a" is not an object'],
  ['{"contexts":{"a":{"broker":"x"}}}', 'context "a" has no setting "broker"'],
  ['{"contexts":{"a":{"brokers":["x"]}}}', '"brokers" of context "a" is neither text nor'],
  ['{"contexts":{"a":{"sasl-password":"x"}}}', 'context "a" holds a password'],
  ['{"contexts":{"a":{"store-password":"x"}}}', 'context "a" holds a password'],
  ['{"contexts":{"a":{"store":"postgres://u:x@h/d"}}}', 'context "a" holds a password'],
])('%s is refused: %s', (text, reason) => {
  const path = fileHolding(text);
  expect(() => readConfig(path)).toThrow(reason);
  expect(() => readConfig(path)).toThrow(path);
});

test('where the file cannot be written, that is said, and the old one stays', () => {
  const home = temporaryDir();
  writeFileSync(join(home, 'coupons'), 'not a directory');
  const path = configPath({ XDG_CONFIG_HOME: home });
  expect(() => writeConfig(path, { current: null, contexts: new Map() })).toThrow(
    `Cannot write the contexts to ${path}`,
  );
  expect(readFileSync(join(home, 'coupons'), 'utf8')).toBe('not a directory');
});

test('a password file may end with one line end', () => {
  const path = fileHolding('s3cret \r\n');
  expect(readSecret({ kind: 'file', path }, {})).toBe('s3cret ');
});
