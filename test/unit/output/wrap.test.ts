import { describe, expect, it } from 'vitest';
import { facts, listed, wrapped, wrappedCommand, wrappedRemedy } from '../../../src/output/wrap.js';

describe('a sentence', () => {
  it('breaks at spaces, with a hanging indent', () => {
    expect(wrapped('one two three', 8)).toBe('one two\n  three');
    expect(wrapped('short', 80)).toBe('short');
    expect(wrapped('  hint: one two three', 14)).toBe('  hint: one\n    two three');
  });

  it('keeps a command in backticks on one line', () => {
    expect(wrapped('See `coupons dlq peek`.', 20)).toBe('See\n  `coupons dlq peek`.');
  });
});

describe('a command', () => {
  const command = "kafka-configs --alter --entity-name requests --add-config 'a=1 b=2'";

  it('goes on in the next line as a shell takes it, and an option keeps its value', () => {
    expect(wrappedCommand(command, 40)).toBe(
      "kafka-configs --alter \\\n  --entity-name requests \\\n  --add-config 'a=1 b=2'",
    );
  });

  it('parts an option from its value only where no line has room for both', () => {
    const long = 'kafka-configs --add-config message.timestamp.type=LogAppendTime';
    expect(wrappedCommand(long, 45)).toBe(
      'kafka-configs --add-config \\\n  message.timestamp.type=LogAppendTime',
    );
  });

  it('is never broken within a word that is quoted', () => {
    const quoted = String.raw`coupons lag --group 'night'\''s own group' --wait`;
    expect(wrappedCommand(quoted, 42).split('\n')).toEqual([
      'coupons lag \\',
      String.raw`  --group 'night'\''s own group' --wait`,
    ]);
  });

  it('stands below the words that come before it', () => {
    expect(wrappedRemedy(`when that is done: ${command}`, 72)).toBe(
      `when that is done:\n${command}`,
    );
    expect(wrappedRemedy('nothing: it does no harm', 12)).toBe('nothing: it\n  does no\n  harm');
  });
});

it('facts stand beside each other as far as there is room', () => {
  expect(facts(['group', '3 members', 'lag 7'], 80)).toBe('group  3 members  lag 7');
  expect(facts(['group', '3 members', 'lag 7'], 16)).toBe('group  3 members\n  lag 7');
});

it('parts of a list stay whole, and go on in the next line', () => {
  expect(listed(['context sale: cluster a:1', 'topic t'], 40)).toBe(
    'context sale: cluster a:1, topic t',
  );
  expect(listed(['context sale: cluster a:1', 'topic t', 'store s'], 30)).toBe(
    'context sale: cluster a:1,\n  topic t, store s',
  );
});
