import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';

test('gives what the condition gave, as soon as it neither throws nor is false', async () => {
  const answers = [
    () => false as const,
    () => {
      throw new Error('not yet');
    },
    () => 'there',
  ];
  await expect(eventually(() => answers.shift()?.() ?? 'too often')).resolves.toBe('there');
});

test('a condition without a value holds when it does not throw', async () => {
  await expect(eventually(() => undefined)).resolves.toBeUndefined();
});

test('says at the deadline why the condition did not hold', async () => {
  const never = eventually(() => expect(1).toBe(2), { deadlineMs: 1 });
  await expect(never).rejects.toThrow(/^Not within 1 ms: .*expected 1 to be 2/);
});
