import { expect, test } from 'vitest';
import { withoutPasswords } from '../../../src/config/hidden-password.js';

test.each([
  ['postgres://u:hunter2@h/db', "unknown command 'postgres://u:***@h/db'"],
  ['postgres://u:p@hunter2/x@h/db', "unknown command 'postgres://u:***@h/db'"],
  ['--stor=postgres://:hunter2@h/db', "unknown command '--stor=postgres://:***@h/db'"],
  [
    'postgres://h/db?password=hunter2&schema=s',
    "unknown command 'postgres://h/db?password=***&schema=s'",
  ],
])('the password of %s is left out of what repeats it', (word, shown) => {
  expect(withoutPasswords(`unknown command '${word}'`, ['node', word])).toBe(shown);
});

test('all else stays as it is', () => {
  const words = ['postgres://u@h:5432/db?sslcert=/home/a@b', 'localhost:9092', 'a:b@c'];
  const text = `Cannot use ${words.join(', ')}.`;
  expect(withoutPasswords(text, words)).toBe(text);
});
