import { once } from 'node:events';
import { expect, test } from 'vitest';
import '../../../src/kafka/client/timeout-warning.js';

test("kafkajs's negative timers are no warning to an operator, all else is", async () => {
  const next = once(process, 'warning');
  process.emitWarning('-1 is a negative number.', 'TimeoutNegativeWarning');
  process.emitWarning('this is old', 'DeprecationWarning');
  const [warning] = (await next) as [Error];
  expect(warning).toMatchObject({ name: 'DeprecationWarning', message: 'this is old' });
});
