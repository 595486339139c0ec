import { expect, test } from 'vitest';
import { coupons } from '../../support/command-line/cli.js';

test('the help that is kept as text is the help of the program', async () => {
  // With one option more, the program itself makes it.
  const { stdout } = await coupons(['--help', '--quiet']);
  expect(stdout).toContain('coupons demo');
  for (const args of [[], ['--help'], ['-h'], ['help']]) {
    expect(await coupons(args)).toMatchObject({ code: 0, stdout, stderr: '' });
  }
});

test('`coupons help` shows what `--help` behind the same words shows', async () => {
  for (const command of [['lag'], ['dlq'], ['campaigns', 'create']]) {
    const { stdout } = await coupons([...command, '--help']);
    expect(stdout).toContain(`Usage: coupons ${command.join(' ')}`);
    expect(await coupons(['help', ...command])).toMatchObject({ code: 0, stdout, stderr: '' });
  }
});
