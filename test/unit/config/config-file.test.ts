import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { configPath, readConfig, writeConfig } from '../../../src/config/config-file.js';
import { readSecret } from '../../../src/config/secret.js';
import { configHome } from '../program/parsed.js';

function fileHolding(text: string): string {
  const path = configPath({ XDG_CONFIG_HOME: configHome() });
  mkdirSync(dirname(path));
  writeFileSync(path, text);
  return path;
}

test('no file is a file without contexts', () => {
  expect(readConfig(configPath({ XDG_CONFIG_HOME: configHome() }))).toEqual({
    current: null,
    contexts: new Map(),
  });
});

test('what was written is read again, and only its owner may', () => {
  const path = configPath({ XDG_CONFIG_HOME: configHome() });
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

test.each([
  ['{', 'JSON'],
  ['[]', 'it holds no JSON object'],
  ['{"current":1}', '"current" is not the name of a context'],
  ['{"contexts":[]}', '"contexts" is not an object'],
  ['{"contexts":{"a":1}}', 'context "a" is not an object'],
  ['{"contexts":{"a":{"broker":"x"}}}', 'context "a" has no setting "broker"'],
  ['{"contexts":{"a":{"brokers":["x"]}}}', '"brokers" of context "a" is neither text nor'],
  ['{"contexts":{"a":{"sasl-password":"x"}}}', 'context "a" holds a password'],
])('%s is refused: %s', (text, reason) => {
  const path = fileHolding(text);
  expect(() => readConfig(path)).toThrow(reason);
  expect(() => readConfig(path)).toThrow(path);
});

test('where the file cannot be written, that is said, and the old one stays', () => {
  const home = configHome();
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
