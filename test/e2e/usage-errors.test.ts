import { expect, it } from 'vitest';
import { coupons } from '../support/cli.js';

it.each([
  ['consume', '--concurrency', '1e3'],
  ['consum'],
  ['campaigns', 'create', '1'],
  ['--yes', 'lag'],
])('wrong usage ends with exit code 2 and one JSON document: coupons %s', async (...argv) => {
  const run = await coupons([...argv, '-o', 'json']);
  expect(run.code).toBe(2);
  const { error } = run.json<{ error: { code: string; message: string; hint: string } }>();
  expect(error.code).toBe('USAGE');
  expect(error.message).not.toBe('');
  expect(error.hint).not.toBe('');
  expect(run.stderr).toBe('');
});

it('wrong usage is told to people on stderr, without colour in a pipe', async () => {
  const run = await coupons(['topics', 'lst']);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toBe("error: unknown command 'lst'\n  hint: Did you mean list?\n");
});
